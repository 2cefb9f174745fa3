// Days and moments in words, as the reader's country writes them. A day is 2026-12-01, of a calendar and without a zone.

import { spoken } from "../words";
import { format } from "../words/format";

/** The reader's own country where it speaks the language of the app. */
export function locale(): string {
	const own = globalThis.navigator?.language ?? "";
	return own.split("-")[0] === spoken() ? own : spoken();
}

const DAY = { weekday: "short", day: "numeric", month: "short", year: "numeric", timeZone: "UTC" } as const;

/** Tue 1 Dec 2026 */
export function dayText(day: string): string {
	return format(locale(), DAY).format(noon(day));
}

/** 1 Dec: where the year is known from what stands around it. */
export function shortDay(day: string): string {
	return format(locale(), { day: "numeric", month: "short", timeZone: "UTC" }).format(noon(day));
}

/** 1 – 7 Dec 2026 */
export function periodText(first: string, last: string): string {
	if (first === last) return dayText(first);
	return format(locale(), DAY).formatRange(noon(first), noon(last));
}

/** December 2026, of a month 2026-12 */
export function monthText(month: string): string {
	return format(locale(), { month: "long", year: "numeric", timeZone: "UTC" }).format(noon(`${month}-01`));
}

/** When something happened, by the clock on this device's wall. */
export function momentText(at: string): string {
	return format(locale(), {
		weekday: "short",
		day: "numeric",
		month: "short",
		year: "numeric",
		hour: "2-digit",
		minute: "2-digit",
	}).format(new Date(at));
}

/** The day so many days later. */
export function dayPlus(day: string, days: number): string {
	return new Date(noon(day).getTime() + days * 86_400_000).toISOString().slice(0, 10);
}

/** How many days lie between two days. */
export function daysBetween(first: string, last: string): number {
	return Math.round((noon(last).getTime() - noon(first).getTime()) / 86_400_000);
}

/** Whether a text is a day that the calendar has. */
export function isDay(text: string): boolean {
	return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(noon(text).getTime()) && dayPlus(text, 0) === text;
}

/** The day by a zone's clock. */
export function dayIn(zone: string, at = new Date()): string {
	const part = format("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" });
	return part.format(at);
}

/** On which day a week begins here: 1 is Monday, 7 is Sunday. */
export function weekBegins(): number {
	const own = new Intl.Locale(locale()) as Intl.Locale & {
		getWeekInfo?: () => { firstDay: number };
		weekInfo?: { firstDay: number };
	};
	return (own.getWeekInfo?.() ?? own.weekInfo)?.firstDay ?? 1;
}

function noon(day: string): Date {
	return new Date(`${day}T12:00:00Z`);
}
