import { describe, expect, it } from "vitest";
import { dayPlus, daysBetween, isDay } from "../src/pieces/days";
import { tellers } from "../src/screens/plan/answering";
import { monthAfter, monthBefore, weeksOf } from "../src/screens/plan/month";

describe("a month", () => {
	it("has every one of its days once, in whole weeks", () => {
		for (let month = "2026-01"; month < "2028-03"; month = monthAfter(month)) {
			for (const begins of [1, 7]) {
				const weeks = weeksOf(month, begins);
				const days = weeks.flat().filter((day) => day.startsWith(month));
				expect(weeks.every((week) => week.length === 7)).toBe(true);
				expect(new Set(days).size).toBe(daysBetween(`${month}-01`, `${monthAfter(month)}-01`));
				expect(new Date(`${weeks[0]?.[0]}T12:00:00Z`).getUTCDay() || 7).toBe(begins);
			}
		}
	});
	it("has a month before and after it", () => {
		expect([monthBefore("2026-01"), monthAfter("2026-12"), monthAfter("2027-01")]).toEqual([
			"2025-12",
			"2027-01",
			"2027-02",
		]);
	});
});

describe("a day", () => {
	it("is one that the calendar has", () => {
		expect(["2026-12-01", "2028-02-29", "2026-02-29", "2026-13-01", "today", "2026-1-1"].map(isDay)).toEqual([
			true,
			true,
			false,
			false,
			false,
			false,
		]);
	});
	it("goes on over the change of clocks", () => {
		expect(dayPlus("2026-10-24", 2)).toBe("2026-10-26");
		expect(daysBetween("2026-03-28", "2026-03-30")).toBe(2);
	});
});

describe("who answers a review", () => {
	it.each([
		["person", "person", []],
		["person", "carer", ["carer", "clinician"]],
		["person", "clinician", ["clinician"]],
		["carer", "person", []],
		["carer", "clinician", ["clinician"]],
		["prescriber", "clinician", []],
	])("a %s, a review by the %s: tells what %j said", (role, review, told) =>
		expect(tellers(role, review)).toEqual(told),
	);
});
