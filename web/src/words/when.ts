// Instants and days by the person's own clock, as words.

import { plus } from "../packet/instant";
import { spoken } from ".";

/** `08:02`, by the clock of a zone. */
export function clock(at: string, zone: string): string {
	return new Intl.DateTimeFormat("en-GB", {
		timeZone: zone,
		hour: "2-digit",
		minute: "2-digit",
		hourCycle: "h23",
	}).format(new Date(at));
}

/** `Monday 23 November` of a calendar day, which has no zone. */
export function longDay(day: string): string {
	return dayIn({ weekday: "long", day: "numeric", month: "long" }, day);
}

/** `Mon 23 Nov`. */
export function shortDay(day: string): string {
	return dayIn({ weekday: "short", day: "numeric", month: "short" }, day);
}

/** `Mon 23 Nov 08:02`, by the clock of a zone. */
export function moment(at: string, zone: string): string {
	const options = { weekday: "short", day: "numeric", month: "short" } as const;
	const day = new Intl.DateTimeFormat(tag(), { ...options, timeZone: zone }).format(new Date(at)).replace(",", "");
	return `${day} ${clock(at, zone)}`;
}

function dayIn(options: Intl.DateTimeFormatOptions, day: string): string {
	return new Intl.DateTimeFormat(tag(), { ...options, timeZone: "UTC" })
		.format(new Date(`${day}T00:00:00Z`))
		.replace(",", "");
}

/** English with the day before the month, as the packet's own sentences have it. */
function tag(): string {
	return spoken() === "en" ? "en-GB" : spoken();
}

/** The instant at which a clock shows `08:02` on a day that begins at `begins` in a zone. On a day of 23 hours the time may not exist. */
export function instantOf(begins: string, zone: string, time: string): string {
	const [hours = 0, minutes = 0] = time.split(":").map(Number);
	const guess = plus(begins, (hours * 60 + minutes) * 60);
	const [shownHours = 0, shownMinutes = 0] = clock(guess, zone).split(":").map(Number);
	const off = (hours - shownHours) * 60 + (minutes - shownMinutes);
	return off === 0 || Math.abs(off) > 180 ? guess : plus(guess, off * 60);
}
