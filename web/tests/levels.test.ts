import { describe, expect, it } from "vitest";
import {
	averages,
	band,
	between,
	type Curve,
	columns,
	known,
	type LevelDay,
	whole,
} from "../src/screens/insight/levels";

const CURVE: Curve = {
	places: [0, 0.5, 1, 1.5, 2],
	levels: [10, 20, 15, 12, 30],
	low: [5, 10, 8, 6, 15],
	high: [20, 40, 30, 24, 60],
	at_most: [10, 20, 45, 50, 30],
	sure: [true, true, false, false, true],
};

function day(highest: number, sure = true, low: number | null = 1): LevelDay {
	return {
		day: "2026-12-01",
		highest,
		lowest: highest / 2,
		average: highest * 0.75,
		low,
		high: low === null ? null : highest * 2,
		at_most: sure ? null : highest * 1.5,
		sure,
	};
}

describe("a curve of levels", () => {
	it("is one line while every dose that matters is known, and two while one is not", () => {
		expect(known(CURVE)).toEqual([
			[
				[0, 10],
				[0.5, 20],
				[1, 15],
			],
			[[2, 30]],
		]);
		expect(between(CURVE)).toEqual([
			{
				least: [
					[1, 15],
					[1.5, 12],
					[2, 30],
				],
				most: [
					[1, 45],
					[1.5, 50],
					[2, 30],
				],
			},
		]);
	});

	it("has no band where a dose that matters is not known, and none where no spread was found", () => {
		expect(band(CURVE).map((run) => run.map(([place]) => place))).toEqual([[0, 0.5, 1], [2]]);
		expect(band(CURVE)[0]?.[1]).toEqual([0.5, 10, 40]);
		expect(band({ ...CURVE, low: null, high: null })).toEqual([]);
	});

	it("is whole where nothing is missing", () => {
		const sure = { ...CURVE, at_most: null, sure: CURVE.sure.map(() => true) };
		expect(between(sure)).toEqual([]);
		expect(known(sure)).toEqual([whole(sure)]);
		expect(whole(sure)).toHaveLength(5);
		expect(band(sure)[0]).toHaveLength(5);
	});
});

describe("many days of levels", () => {
	it("are columns, and one that is not known is left out", () => {
		const found = columns([day(100), day(60, false), day(80, true, null)]);
		expect(found.typical).toEqual([
			[0, 50, 100],
			[2, 40, 80],
		]);
		expect(found.people).toEqual([[0, 1, 200]]);
	});

	it("have their average as steps, with a gap where there is none", () => {
		const days = [day(100), day(60, false), day(80, false), day(40)];
		expect(averages(days, (one) => one.average)).toHaveLength(1);
		expect(averages(days, (one) => one.at_most)).toEqual([
			[
				[1, 90],
				[2, 90],
				[2, 120],
				[3, 120],
			],
		]);
		expect(averages([day(1, false), day(2), day(3, false)], (one) => one.at_most)).toHaveLength(2);
	});
});
