import { describe, expect, it } from "vitest";
import { instantOf, longDay, wallAt } from "../src/words/when";

describe("a wall clock", () => {
	it("is an instant of the person's own zone", () => {
		expect(instantOf("2026-12-01T00:00:00Z", "Europe/London", "08:02")).toBe("2026-12-01T08:02:00Z");
		expect(instantOf("2026-11-30T23:00:00Z", "Europe/Berlin", "00:00")).toBe("2026-11-30T23:00:00Z");
		expect(instantOf("2026-11-30T18:15:00Z", "Asia/Kathmandu", "23:59")).toBe("2026-12-01T18:14:00Z");
	});

	it("holds on a day of 25 hours and on one of 23", () => {
		expect(instantOf("2026-10-24T23:00:00Z", "Europe/London", "09:30")).toBe("2026-10-25T09:30:00Z");
		expect(instantOf("2027-03-28T00:00:00Z", "Europe/London", "09:30")).toBe("2027-03-28T08:30:00Z");
		expect(wallAt(instantOf("2027-03-28T00:00:00Z", "Europe/London", "01:30"), "Europe/London")).toMatch(
			/^(00|02):30$/,
		);
		expect(instantOf("2027-03-28T00:00:00Z", "Europe/London", "23:59")).toBe("2027-03-28T22:59:00Z");
	});

	it("comes back as it was typed, at every half hour of a year's days with a change of clocks", () => {
		const days = [
			["2026-10-24T23:00:00Z", "Europe/London"],
			["2026-11-01T04:00:00Z", "America/New_York"],
			["2027-04-03T13:00:00Z", "Australia/Lord_Howe"],
			["2026-12-01T00:00:00Z", "Europe/London"],
		] as const;
		for (const [begins, zone] of days)
			for (let half = 0; half < 48; half++) {
				const time = `${String(half >> 1).padStart(2, "0")}:${half % 2 === 0 ? "00" : "30"}`;
				expect(wallAt(instantOf(begins, zone, time), zone), `${zone} ${time}`).toBe(time);
			}
	});

	it("has days in words", () => {
		expect(longDay("2026-11-23")).toBe("Monday 23 November");
	});
});
