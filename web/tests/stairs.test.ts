import { describe, expect, it } from "vitest";
import { type Drawing, drawing } from "../src/pieces/staircase/drawing";
import { summary, timesOf } from "../src/pieces/staircase/said";
import { endingBefore, heldOf, type PlanDocument, type PlanStep, stairsOf } from "../src/pieces/staircase/stairs";

const words = {
	mg: (mg: number) => `${mg} mg`,
	version: (n: number) => `version ${n}`,
	stopped: "stopped",
	today: "today",
};

function step(first: string, last: string, mg: number[], more: Partial<PlanStep> = {}): PlanStep {
	const times = ["08:00", "14:00", "21:00"];
	return {
		because: "table",
		day_mg: mg.reduce((sum, one) => sum + one, 0),
		doses: mg.map((one, at) => ({ mg: one, slot: `s${at + 1}`, time: times[at] ?? "" })),
		first,
		kind: "step",
		last,
		number: 1,
		open: false,
		reason: "",
		source: [],
		version: 1,
		...more,
	};
}
function document(steps: PlanStep[]): PlanDocument {
	return { course: { versions: [] }, person: { zone: "UTC" }, schema: "gradatim/plan/1", steps };
}
const review = { id: "v1-r1", by: "clinician", asks: [] };
const climbing = document([
	step("2026-12-01", "2026-12-07", [5, 5, 5]),
	step("2026-12-08", "2026-12-14", [10, 5, 5], { review }),
	step("2026-12-15", "2026-12-21", [10, 5, 5], { version: 2 }),
	step("2026-12-22", "2027-02-28", [0, 0, 0], { open: true, version: 2 }),
]);

describe("stairs of a document", () => {
	it("has a tread for each step and says which way it goes", () => {
		expect(stairsOf(climbing, null)?.treads.map((one) => one.kind)).toEqual(["rising", "rising", "hold", "stopped"]);
	});
	it("marks reviews, versions and today inside", () => {
		const stairs = stairsOf(climbing, "2026-12-09");
		expect(stairs?.gates).toEqual([{ day: "2026-12-08", by: "clinician" }]);
		expect(stairs?.versions).toEqual([{ day: "2026-12-15", version: 2 }]);
		expect(stairs?.today).toBe("2026-12-09");
		expect(stairsOf(climbing, "2026-11-30")?.today).toBeNull();
	});
	it("is nothing without steps", () => {
		expect(stairsOf(document([]), null)).toBeNull();
	});
	it("is said in sentences, with what is held today", () => {
		const stairs = stairsOf(climbing, "2026-12-09");
		if (stairs === null) throw new Error("no stairs");
		expect(summary(stairs, { first: "2026-12-08", last: "2026-12-21", mg: 15 })).toMatch(
			/4 steps.*15 mg a day.*1 review.*15 mg a day, held/,
		);
		expect(timesOf(stairs)).toEqual(["08:00", "14:00", "21:00"]);
	});
});

describe("what is held", () => {
	const held = document([step("2026-12-01", "2027-02-28", [5, 5, 5], { waiting_for: "v1-r1", open: true })]);
	it("begins where the plan wanted to go on", () => {
		expect(heldOf(climbing, held, "2026-12-10")).toEqual({ first: "2026-12-08", last: "2027-02-28", mg: 15 });
		expect(heldOf(climbing, held, "2026-12-08")?.first).toBe("2026-12-08");
	});
	it("is nothing before that day, and nothing without a review that waits", () => {
		expect(heldOf(climbing, held, "2026-12-07")).toBeNull();
		expect(heldOf(climbing, climbing, "2026-12-10")).toBeNull();
	});
});

describe("a plan that another one follows", () => {
	it("ends on the day before", () => {
		const cut = endingBefore(climbing, "2026-12-10");
		expect(cut?.steps?.map((one) => one.last)).toEqual(["2026-12-07", "2026-12-09"]);
		expect(endingBefore(climbing, null)).toBe(climbing);
	});
});

describe("the picture", () => {
	const weekly = document(
		Array.from({ length: 15 }, (_, n) =>
			step(
				`2026-12-${String(1 + n).padStart(2, "0")}`,
				`2026-12-${String(1 + n).padStart(2, "0")}`,
				[5 + n * 5, 5, 5],
				n > 0 ? { review } : {},
			),
		),
	);
	it.each([240, 328, 600, 960])("keeps everything inside and lays no label over another, %i pixels wide", (width) => {
		for (const plan of [climbing, weekly]) {
			const stairs = stairsOf(plan, "2026-12-09");
			if (stairs === null) throw new Error("no stairs");
			const made = drawing(stairs, width, 14, words);
			expect(overlapping(made)).toEqual([]);
			for (const block of made.blocks) {
				expect(block.left).toBeGreaterThanOrEqual(made.left);
				expect(block.right).toBeLessThanOrEqual(made.right + 0.01);
				expect(block.top).toBeLessThanOrEqual(made.bottom);
			}
		}
	});
	it("draws a tread as high as its daily dose", () => {
		const stairs = stairsOf(climbing, null);
		if (stairs === null) throw new Error("no stairs");
		const { blocks, bottom } = drawing(stairs, 328, 14, words);
		const high = blocks.map((one) => bottom - one.top);
		expect((high[1] ?? 0) / (high[0] ?? 1)).toBeCloseTo(20 / 15);
		expect(high[3]).toBe(0);
		const [first] = blocks;
		expect(first?.slots.reduce((sum, one) => sum + one.height, 0)).toBeCloseTo(high[0] ?? 0);
	});
	it("cuts a long last step with a break, unless today is in it", () => {
		const [usual, now] = [stairsOf(climbing, null), stairsOf(climbing, "2027-01-05")];
		if (usual === null || now === null) throw new Error("no stairs");
		expect(drawing(usual, 328, 14, words).broken).not.toBeNull();
		expect(drawing(now, 328, 14, words).broken).toBeNull();
	});
	it("leaves gaps in what was taken as gaps", () => {
		const stairs = stairsOf(climbing, null);
		if (stairs === null) throw new Error("no stairs");
		const taken = ["2026-12-01", "2026-12-02", "2026-12-04"].map((day) => ({ day, mg: 15 }));
		expect(drawing(stairs, 328, 14, words, null, taken).taken).toHaveLength(2);
	});
});

function overlapping(made: Drawing): string[][] {
	const boxes = [...made.heights, ...made.dates].map(({ x, y, text, anchor }) => {
		const wide = text.length * 14 * 0.5;
		const left = anchor === "middle" ? x - wide / 2 : anchor === "end" ? x - wide : x;
		return { text, left, right: left + wide, top: y - 10, bottom: y };
	});
	return boxes.flatMap((one, at) =>
		boxes
			.slice(at + 1)
			.filter(
				(other) => one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom,
			)
			.map((other) => [one.text, other.text]),
	);
}
