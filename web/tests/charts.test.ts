import { describe, expect, it } from "vitest";
import { apart, daysAcross, fitting, later, named } from "../src/pieces/charts/days";

describe("days across a chart", () => {
	it("counts days of the calendar, also where clocks change and in a leap year", () => {
		expect(apart("2026-10-24", "2026-10-26")).toBe(2);
		expect(apart("2028-02-28", "2028-03-01")).toBe(2);
		expect(later("2026-12-31", 1)).toBe("2027-01-01");
		expect(later("2026-03-01", -1)).toBe("2026-02-28");
	});

	it("gives every day the same room, and the last one all of it", () => {
		const days = daysAcross("2026-12-01", "2026-12-04", 10, 50);
		expect(days.wide).toBe(10);
		expect(days.edge("2026-12-01")).toBe(10);
		expect(days.middle("2026-12-04")).toBe(45);
		expect(days.edge(later(days.last, 1))).toBe(50);
	});

	it("names the first and the last day, and as many between as have room", () => {
		const narrow = named(daysAcross("2026-09-01", "2026-11-23", 0, 100), 74);
		expect(narrow).toEqual(["2026-09-01", "2026-11-23"]);
		const wide = named(daysAcross("2026-09-01", "2026-11-23", 0, 600), 74);
		expect(wide.length).toBeGreaterThan(3);
		expect([wide[0], wide.at(-1)]).toEqual(["2026-09-01", "2026-11-23"]);
		const distances = wide.slice(1).map((day, at) => apart(wide[at] ?? "", day));
		expect(Math.max(...distances) - Math.min(...distances)).toBeLessThanOrEqual(1);
		expect(named(daysAcross("2026-09-01", "2026-09-01", 0, 600), 74)).toEqual(["2026-09-01"]);
	});

	it("leaves out labels that would cover another, and keeps the last", () => {
		const kept = fitting([0, 5, 12, 14], (at) => ({ left: at, right: at + 6 }));
		expect(kept).toEqual([5, 14]);
		expect(fitting([0, 6, 12], (at) => ({ left: at, right: at + 6 }))).toEqual([0, 6, 12]);
	});
});
