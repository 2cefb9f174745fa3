// How a time of day and a day are written. Texts about doses come with their times from the server and stay as they are.

import { type Key, spoken, t } from ".";
import { format } from "./format";

export type Hours = "24" | "12";
let hours: Hours | "auto" = "24";

/** Write times of day so from now on; `auto`: as this device does. */
export function write(how: Hours | "auto"): void {
	hours = how;
}

/** How they are written, asked of the device only once a time is to be written: it takes a phone a tenth of a second. */
function now(): Hours {
	if (hours === "auto") {
		const own = new Intl.DateTimeFormat(undefined, { hour: "numeric" }).resolvedOptions().hourCycle ?? "h23";
		hours = own.startsWith("h1") ? "12" : "24";
	}
	return hours;
}

/** An instant as the clock of a zone shows it; without a zone, the clock of this device. */
export function clock(at: string, zone?: string): string {
	const part = parts(at, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }, zone);
	return wall(`${part.hour}:${part.minute}`);
}

/** A time of day, `14:00`, as it is read. */
export function wall(time: string): string {
	const [hour = 0, minute = 0] = time.split(":").map(Number);
	const minutes = String(minute).padStart(2, "0");
	if (now() === "24") return `${String(hour).padStart(2, "0")}:${minutes}`;
	const key: Key = minute === 0 && hour % 12 === 0 ? (hour === 0 ? "pieces.midnight" : "pieces.midday") : half(hour);
	return t(key, { time: `${hour % 12 || 12}:${minutes}` });
}

function half(hour: number): Key {
	return hour < 12 ? "pieces.before-noon" : "pieces.after-noon";
}

/** A day of the calendar, `2026-12-01`, with its weekday: Tue 1 Dec 2026. */
export function day(date: string): string {
	return written(`${date}T12:00:00Z`, "pieces.date", "UTC");
}

/** The same without its year, where that is known. */
export function shortDay(date: string): string {
	return written(`${date}T12:00:00Z`, "pieces.short-date", "UTC");
}

/** The day on which an instant falls in a zone. */
export function dayOf(at: string, zone?: string): string {
	const part = parts(at, { year: "numeric", month: "2-digit", day: "2-digit" }, zone);
	return `${part.year}-${part.month}-${part.day}`;
}

/** Day and time of an instant. */
export function moment(at: string, zone?: string): string {
	return t("pieces.moment", { day: written(at, "pieces.date", zone), time: clock(at, zone) });
}

function written(at: string, key: "pieces.date" | "pieces.short-date", zone?: string): string {
	const part = parts(at, { weekday: "short", day: "numeric", month: "short", year: "numeric" }, zone);
	return t(key, {
		weekday: part.weekday ?? "",
		day: part.day ?? "",
		month: part.month ?? "",
		year: part.year ?? "",
	});
}

function parts(
	at: string,
	options: Intl.DateTimeFormatOptions,
	zone?: string,
): Partial<Record<Intl.DateTimeFormatPartTypes, string>> {
	const asked = zone === undefined ? options : { ...options, timeZone: zone };
	const locale = spoken() === "en" ? "en-GB" : spoken(); // the day before the month, in every kind of English
	const found = format(`${locale}-u-ca-gregory-nu-latn`, asked).formatToParts(new Date(at));
	return Object.fromEntries(found.map(({ type, value }) => [type, value]));
}
