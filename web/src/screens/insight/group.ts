// Results sorted for the page: those about a change of dose under that change, the newest first; the rest by their score.

import type { Schemas } from "../../server/ask";

export type Result = Schemas["ResultOut"];
export type Lack = Schemas["LackOut"];
export type Change = Schemas["ChangeOfDoseOut"];

/** One change of dose: what was compared, and what there was too little for. */
export interface AtChange {
	change: Change;
	results: Result[];
	lacks: Lack[];
}

const ORDER = { all: 0, alone: 1, chance: 2 } as const;

/** What stands out comes first; else the order of the check-in stays. */
function firstOut(one: Result, other: Result): number {
	return ORDER[one.stands_out ?? "chance"] - ORDER[other.stands_out ?? "chance"];
}

/** Every change of dose in these days that something can be said about, or could not, newest first. */
export function byChange(insight: Schemas["InsightOut"], scale: string | null, since: string): AtChange[] {
	const found = new Map<string, AtChange>();
	const at = (change: Change): AtChange => {
		const known = found.get(change.on) ?? { change, results: [], lacks: [] };
		found.set(change.on, known);
		return known;
	};
	for (const one of insight.results) {
		if (one.change !== null && wanted(one, scale)) at(one.change).results.push(one);
	}
	for (const one of insight.too_little) {
		if (one.change !== null && wanted(one, scale)) at(one.change).lacks.push(one);
	}
	for (const one of found.values()) one.results.sort(firstOut);
	return [...found.values()]
		.filter((one) => one.change.on >= since)
		.sort((one, other) => (one.change.on < other.change.on ? 1 : -1));
}

/** What was found over the whole time, by score, in the order of the check-in. */
export function overTime(insight: Schemas["InsightOut"], scale: string | null): { scale: string; results: Result[] }[] {
	const found = new Map<string, Result[]>();
	for (const one of insight.results) {
		if (one.change !== null || !wanted(one, scale)) continue;
		found.set(one.scale, [...(found.get(one.scale) ?? []), one]);
	}
	return [...found].map(([name, results]) => ({ scale: name, results: results.toSorted(firstOut) }));
}

/** What there is too little for, beside the comparisons at a change. */
export function lacking(insight: Schemas["InsightOut"], scale: string | null): Lack[] {
	return insight.too_little.filter((one) => one.change === null && wanted(one, scale));
}

function wanted(one: { scale: string }, scale: string | null): boolean {
	return scale === null || one.scale === scale;
}
