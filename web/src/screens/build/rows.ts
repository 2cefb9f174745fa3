// The rows of a paper: what a new one begins with, and where the cursor goes.

import { dayPlus, daysBetween, isDay } from "../../pieces/days";
import { type PaperDraft, type PaperRow, row } from "./draft";

/** The row after the last: its day goes on as the rows before it did. Its amounts are empty, so that each is typed from the paper. */
export function nextRow(paper: PaperDraft): PaperRow {
	const [before, last] = [paper.rows.at(-2), paper.rows.at(-1)];
	if (paper.counts === "days") return row(paper.times.length, "", last?.days ?? "");
	if (before === undefined || last === undefined || !isDay(before.from) || !isDay(last.from))
		return row(paper.times.length);
	const days = daysBetween(before.from, last.from);
	return row(paper.times.length, days > 0 ? dayPlus(last.from, days) : "");
}
