// Days in full, and the way between a wall clock and an instant.

import { plus } from "../packet/instant";
import { spoken } from ".";
import { format } from "./format";

/** `Monday 23 November` of a calendar day, which has no zone. */
export function longDay(day: string): string {
	const locale = spoken() === "en" ? "en-GB" : spoken(); // the day before the month, in every kind of English
	const written = format(locale, { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" });
	return written.format(new Date(`${day}T12:00:00Z`)).replace(",", "");
}

/** `08:02`, as the clock of a zone shows an instant and as a field for a time of day holds it. */
export function wallAt(at: string, zone: string): string {
	const options = { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
	return format("en-GB", options).format(new Date(at));
}

/** The instant at which a clock shows `08:02` on a day that begins at `begins` in a zone. A time that a day leaves out becomes the one
 * an hour later, as clocks do. */
export function instantOf(begins: string, zone: string, time: string): string {
	const wanted = minutes(time);
	const guess = plus(begins, wanted * 60);
	const off = wanted - minutes(wallAt(guess, zone));
	const near = Math.abs(off) > 720 ? off - Math.sign(off) * 1440 : off;
	return near === 0 ? guess : plus(guess, near * 60);
}

function minutes(time: string): number {
	const [hours = 0, rest = 0] = time.split(":").map(Number);
	return hours * 60 + rest;
}
