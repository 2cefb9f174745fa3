// Days to places on a chart, the same for every chart of a page, so that a day stands above itself.

import { scaleLinear } from "d3-scale";

const DAY = 86_400_000;

/** How many days one day is after another. */
export function apart(first: string, last: string): number {
	return Math.round((Date.parse(`${last}T00:00:00Z`) - Date.parse(`${first}T00:00:00Z`)) / DAY);
}

/** The day so many days later. */
export function later(day: string, days: number): string {
	return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);
}

/** The days from one to another, both included. */
export interface Days {
	first: string;
	last: string;
	/** Where a day begins. */
	edge(day: string): number;
	/** The middle of a day. */
	middle(day: string): number;
	/** How wide a day is. */
	wide: number;
}

export function daysAcross(first: string, last: string, left: number, right: number): Days {
	const count = apart(first, last) + 1;
	const place = scaleLinear([0, count], [left, right]);
	return {
		first,
		last,
		edge: (day) => place(apart(first, day)),
		middle: (day) => place(apart(first, day) + 0.5),
		wide: (right - left) / count,
	};
}

/** Days to name under a chart: the first, the last, and as many between as have room, at equal distances. */
export function named(days: Days, room: number): string[] {
	const count = apart(days.first, days.last);
	if (count === 0) return [days.first];
	const most = Math.max(1, Math.min(count, Math.floor((days.wide * count) / room)));
	for (let parts = most; parts > 1; parts -= 1) {
		if (count % parts === 0 || days.wide * count > room * parts * 1.25) {
			return Array.from({ length: parts + 1 }, (_, part) => later(days.first, Math.round((count * part) / parts)));
		}
	}
	return [days.first, days.last];
}

/** Which of some labels have room beside one another. The last comes first: it is where the person is now. */
export function fitting<T>(labels: readonly T[], box: (one: T) => { left: number; right: number }): T[] {
	const taken: { left: number; right: number }[] = [];
	const kept = labels.toReversed().filter((one) => {
		const own = box(one);
		if (taken.some((other) => own.left < other.right && other.left < own.right)) return false;
		taken.push(own);
		return true;
	});
	return kept.toReversed();
}
