// A time of the day as people type it, on the 24-hour clock: 8, 800, 0800, 8.30, 8:30, 20h15.

/** `08:00`, or null where it is no time. */
export function timeOf(text: string): string | null {
	const said = text.trim();
	const found = /^(\d{1,2})(?:\s*[:.,h]\s*(\d{2}))?h?$/i.exec(said) ?? /^(\d{1,2})(\d{2})$/.exec(said);
	if (found === null) return null;
	const [hours, minutes] = [Number(found[1]), Number(found[2] ?? "0")];
	if (hours > 23 || minutes > 59) return null;
	return `${String(hours).padStart(2, "0")}:${String(minutes).padStart(2, "0")}`;
}

/** Whether a time is written out, so that a dose can stand at it. */
export function isTime(text: string): boolean {
	return /^\d\d:\d\d$/.test(text);
}
