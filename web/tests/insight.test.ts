import { describe, expect, it } from "vitest";
import { byChange, lacking, overTime, type Result } from "../src/screens/insight/group";
import type { Schemas } from "../src/server/ask";
import { insight as words } from "../src/words/english/insight";

const NEW = { on: "2026-10-08", old_mg: 35, new_mg: 40 };
const OLD = { on: "2026-09-08", old_mg: 15, new_mg: 20 };

function result(scale: string, change: typeof NEW | null, stands_out: Result["stands_out"], method = "m"): Result {
	return {
		scale,
		method,
		says: [],
		p: null,
		p_adjusted: null,
		notes: [],
		change,
		sides: null,
		verdict: null,
		stands_out,
		how: "",
	};
}

const ANSWER = {
	results: [
		result("pain", NEW, "chance"),
		result("spasms", NEW, "all"),
		result("mood", NEW, "alone"),
		result("pain", null, "chance", "trend"),
		result("pain", null, "all", "weekday"),
	],
	too_little: [
		{ scale: "pain", method: "m", says: "too few", change: OLD },
		{ scale: "mood", method: "trend", says: "too few", change: null },
	],
} as unknown as Schemas["InsightOut"];

describe("results on the page", () => {
	it("stand under their change, newest first, and what stands out before the rest", () => {
		const found = byChange(ANSWER, null, "2026-09-01");
		expect(found.map((one) => one.change.on)).toEqual(["2026-10-08", "2026-09-08"]);
		expect(found[0]?.results.map((one) => one.scale)).toEqual(["spasms", "mood", "pain"]);
		expect(found[1]?.results).toEqual([]);
		expect(found[1]?.lacks.length).toBe(1);
	});

	it("are those of the days and of the score that was chosen", () => {
		expect(byChange(ANSWER, null, "2026-10-01").length).toBe(1);
		expect(byChange(ANSWER, "pain", "2026-09-01")[0]?.results.map((one) => one.scale)).toEqual(["pain"]);
		expect(overTime(ANSWER, null)).toHaveLength(1);
		expect(overTime(ANSWER, null)[0]?.results.map((one) => one.method)).toEqual(["weekday", "trend"]);
		expect(overTime(ANSWER, "mood")).toEqual([]);
		expect(lacking(ANSWER, null).map((one) => one.scale)).toEqual(["mood"]);
	});

	it("are never said to be caused by a dose", () => {
		const text = Object.values(words).map((one) => (typeof one === "string" ? one : Object.values(one).join(" ")));
		for (const one of text) {
			if (one === words["insight.together"]) continue; // says that it cannot say why, and that no dose is changed because of it
			expect(one).not.toMatch(/\b(because|caused?|due to|effect of|thanks to|helped|worked|improved)\b/i);
		}
	});
});
