// What is drawn of levels in the blood: lines, bands and columns as points, from what the server worked out.

import type { Schemas } from "../../server/ask";

export type Figure = Schemas["LevelFigureOut"];
export type Curve = Schemas["CurveOut"];
export type LevelDay = Schemas["LevelDayOut"];

/** A place in days from the first one, and a level. */
export type Point = readonly [place: number, level: number];
/** A place, and from which level to which. */
export type Span = readonly [place: number, low: number, high: number];

/** Where stretches of what is wanted begin and end. Each goes on to the place after it, so that lines join. */
function stretches(sure: readonly boolean[], wanted: boolean): [number, number][] {
	const found: [number, number][] = [];
	let begin: number | null = null;
	for (let at = 0; at <= sure.length; at += 1) {
		const so = at < sure.length && sure[at] === wanted;
		if (so && begin === null) begin = at;
		if (!so && begin !== null) {
			found.push([begin, Math.min(at + 1, sure.length)]);
			begin = null;
		}
	}
	return found;
}

function part(curve: Curve, levels: readonly number[], [begin, end]: [number, number]): Point[] {
	return curve.places.slice(begin, end).map((place, at) => [place, levels[begin + at] ?? 0]);
}

/** The typical person while every dose that matters is known. */
export function known(curve: Curve): Point[][] {
	return stretches(curve.sure, true).map((run) => part(curve, curve.levels, run));
}

/** Where a dose that matters is not recorded: the level without it, and the one with it. */
export function between(curve: Curve): { least: Point[]; most: Point[] }[] {
	const most = curve.at_most;
	if (most === null) return [];
	return stretches(curve.sure, false).map((run) => ({
		least: part(curve, curve.levels, run),
		most: part(curve, most, run),
	}));
}

/** How people spread, only where every dose that matters is known. */
export function band(curve: Curve): Span[][] {
	const { low, high } = curve;
	if (low === null || high === null) return [];
	return stretches(curve.sure, true).map(([begin, end]) =>
		curve.places.slice(begin, end).map((place, at) => [place, low[begin + at] ?? 0, high[begin + at] ?? 0]),
	);
}

/** The whole of a curve as one line. */
export function whole(curve: Curve): Point[] {
	return part(curve, curve.levels, [0, curve.places.length]);
}

/** Each day as a step: its average from its beginning to its end, in stretches of days that are there. */
export function averages(days: readonly LevelDay[], of: (day: LevelDay) => number | null): Point[][] {
	const found: Point[][] = [];
	let open: Point[] | null = null;
	for (const [at, day] of days.entries()) {
		const level = of(day);
		if (level === null) {
			open = null;
			continue;
		}
		if (open === null) {
			open = [];
			found.push(open);
		}
		open.push([at, level], [at + 1, level]);
	}
	return found;
}

/** The days that are known, each from its lowest to its highest; and the same of the band. */
export function columns(days: readonly LevelDay[]): { typical: Span[]; people: Span[] } {
	const sure = days.map((day, at) => ({ day, at })).filter(({ day }) => day.sure);
	return {
		typical: sure.map(({ day, at }) => [at, day.lowest, day.highest]),
		people: sure.flatMap(({ day, at }) =>
			day.low === null || day.high === null ? [] : [[at, day.low, day.high] as const],
		),
	};
}
