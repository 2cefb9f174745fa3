// Formats of days and times, each made once: making one costs a phone more than writing a hundred dates with it.

const made = new Map<string, Intl.DateTimeFormat>();

/** The format of a locale with these options. One by the clock of this device is made anew each time: the device may travel. */
export function format(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
	if (options.timeZone === undefined) return new Intl.DateTimeFormat(locale, options);
	const name = JSON.stringify([locale, options]);
	let found = made.get(name);
	if (found === undefined) {
		found = new Intl.DateTimeFormat(locale, options);
		made.set(name, found);
	}
	return found;
}
