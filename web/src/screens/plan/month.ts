// The weeks of a month, each of seven days, with the days of the months beside it.

import { dayPlus } from "../../pieces/days";

/** Weeks of the month 2026-12; `begins` is the day on which a week begins, 1 for Monday. */
export function weeksOf(month: string, begins = 1): string[][] {
	const first = `${month}-01`;
	const on = new Date(`${first}T12:00:00Z`).getUTCDay() || 7;
	let day = dayPlus(first, -((on - begins + 7) % 7));
	const weeks: string[][] = [];
	while (weeks.length === 0 || day.slice(0, 7) === month) {
		weeks.push(Array.from({ length: 7 }, (_, place) => dayPlus(day, place)));
		day = dayPlus(day, 7);
	}
	return weeks;
}

export function monthBefore(month: string): string {
	return dayPlus(`${month}-01`, -1).slice(0, 7);
}

export function monthAfter(month: string): string {
	return dayPlus(`${month}-01`, 31).slice(0, 7);
}
