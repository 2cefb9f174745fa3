// The weeks ahead as days: on which of them doses can be made, and on which a pharmacy is open.

import { later } from "../../pieces/charts/days";
import type { Schemas } from "../../server/ask";

export interface BoxDay {
	day: string;
	/** Every dose of the day can be made. */
	made: boolean;
	/** The first dose that cannot be made is on this day. */
	out: boolean;
	/** Why pharmacies are closed, or null. */
	closed: string | null;
	away: boolean;
	fetch: boolean;
	order: boolean;
}

const AT_LEAST = 27; // days after today that are shown: four weeks
const AFTER = 6; // and after the box is empty: a week

/** The days from today to four weeks ahead, or to a week after the box is empty, as far as the answer looks. */
export function weeks(stock: Schemas["StockOut"]): BoxDay[] {
	const { ahead, date, run_out } = stock;
	const wanted = [later(date, AT_LEAST), run_out === null ? date : later(run_out, AFTER)].sort().at(-1) ?? date;
	const last = [wanted, ahead.until].sort()[0] ?? date;
	const closed = new Map(ahead.closed.map((one) => [one.day, one.name]));
	const days: BoxDay[] = [];
	for (let day = date; day <= last; day = later(day, 1)) {
		days.push({
			day,
			made: run_out === null || day < run_out,
			out: day === run_out,
			closed: closed.get(day) ?? null,
			away: ahead.trips.some((one) => one.first <= day && day <= one.last),
			fetch: day === ahead.collect_by,
			order: day === ahead.order_by,
		});
	}
	return days;
}

/** Days that follow one another and have something in common, as pieces: the first and how many. */
export function runs(days: readonly BoxDay[], which: (one: BoxDay) => boolean): { at: number; count: number }[] {
	const found: { at: number; count: number }[] = [];
	for (const [at, one] of days.entries()) {
		const before = found.at(-1);
		if (!which(one)) continue;
		if (before !== undefined && before.at + before.count === at) before.count += 1;
		else found.push({ at, count: 1 });
	}
	return found;
}
