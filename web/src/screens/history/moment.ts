// A day and a time by the clock on a wall, and the instant that they mean.

import { instant } from "../../packet/instant";
import { format } from "../../words/format";

/** The instant at which a zone's clock shows a day and a time. On a day whose clock leaps over it: as far after the leap. */
export function instantOf(day: string, time: string, zone: string): string {
	const wanted = Date.parse(`${day}T${time}:00Z`);
	let found = wanted;
	for (let round = 0; round < 2; round += 1) found += wanted - shown(found, zone);
	return instant(new Date(found));
}

/** The day and the time that a zone's clock shows at an instant. */
export function onTheWall(at: string, zone: string): { day: string; time: string } {
	const text = new Date(shown(Date.parse(at), zone)).toISOString();
	return { day: text.slice(0, 10), time: text.slice(11, 16) };
}

/** Whether a text is a day that the calendar has. */
export function isDay(text: string): boolean {
	const at = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
	return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

/** Whether a text is a time of day. */
export function isTime(text: string): boolean {
	return /^([01]\d|2[0-3]):[0-5]\d$/.test(text);
}

function shown(at: number, zone: string): number {
	const parts = format("en-GB", {
		timeZone: zone,
		year: "numeric",
		month: "2-digit",
		day: "2-digit",
		hour: "2-digit",
		minute: "2-digit",
		hourCycle: "h23",
	}).formatToParts(new Date(at));
	const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? "";
	return Date.parse(`${part("year")}-${part("month")}-${part("day")}T${part("hour")}:${part("minute")}:00Z`);
}
