import { afterEach, describe, expect, it } from "vitest";
import { languageFor, rightToLeft } from "../src/words/languages";
import { clock, day, dayOf, moment, shortDay, wall, write } from "../src/words/time";

afterEach(() => write("24"));

describe("times of day", () => {
	it("shows the clock of the record's zone", () => {
		expect(clock("2026-12-01T08:05:00Z", "Europe/Berlin")).toBe("09:05");
		expect(clock("2026-07-01T23:30:00Z", "Europe/Berlin")).toBe("01:30");
		expect(clock("2026-12-01T00:00:00Z", "UTC")).toBe("00:00");
	});
	it("writes 12 hours, with words where noon and midnight could be mistaken", () => {
		write("12");
		expect(["00:00", "00:30", "08:00", "12:00", "12:05", "21:15"].map(wall)).toEqual([
			"12:00 midnight",
			"12:30 am",
			"8:00 am",
			"12:00 midday",
			"12:05 pm",
			"9:15 pm",
		]);
	});
	it("writes 24 hours with two digits", () =>
		expect(["8:00", "08:05", "21:15"].map(wall)).toEqual(["08:00", "08:05", "21:15"]));
});

describe("days", () => {
	it("writes weekday, day, month and year", () => {
		expect(day("2026-03-03")).toBe("Tue 3 Mar 2026");
		expect(shortDay("2026-12-31")).toBe("Thu 31 Dec");
	});
	it("knows on which day an instant falls", () => {
		expect(dayOf("2026-12-31T23:30:00Z", "Europe/Berlin")).toBe("2027-01-01");
		expect(moment("2026-12-31T23:30:00Z", "Europe/Berlin")).toBe("Fri 1 Jan 2027, 00:30");
	});
});

describe("languages", () => {
	const known = ["en", "de", "pt-BR"].map((tag) => ({ tag, name: tag, words: async () => ({}) }));
	it.each([
		["auto", ["de-CH", "en"], "de"],
		["auto", ["xx", "pt-BR"], "pt-BR"],
		["auto", ["xx"], "en"],
		["de", ["en"], "de"],
		["fr", ["de"], "de"],
	])("%s on a device of %s is %s", (chosen, device, tag) => expect(languageFor(chosen, device, known)).toBe(tag));
	it("knows which are written from the right", () => {
		expect([rightToLeft("ar-EG"), rightToLeft("he"), rightToLeft("en")]).toEqual([true, true, false]);
	});
});
