import { describe, expect, it } from "vitest";
import { approvalOf, lacking, stopsOf } from "../src/screens/build/approving";
import { timeOf } from "../src/screens/build/clock";
import { type Draft, empty, recalled, row } from "../src/screens/build/draft";
import type { Product } from "../src/screens/build/knowledge";
import { type Asking, askingOf, personOf, unit } from "../src/screens/build/order";
import { nextRow } from "../src/screens/build/rows";
import { asMg, microgramsOf, quartersOf } from "../src/screens/build/tablets";
import { beside, differing, type Finding, faultsBeside, findingsBeside } from "../src/screens/build/told";
import type { Schemas } from "../src/server/ask";

const products: Product[] = [
	{ id: "uk/10", market: "GB", name: "Baclofen 10 mg tablet", form: "tablet", source: [], strength: "10 mg" },
	{ id: "uk/5", market: "GB", name: "Baclofen 5 mg tablet", form: "tablet", source: [], strength: "5 mg" },
	{ id: "uk/solution-1", market: "GB", name: "Solution", form: "solution", source: [], concentration: "1 mg/mL" },
];

function paper(amounts: string[][], from: string[], change: (draft: Draft) => void = () => undefined): Draft {
	const draft = empty();
	draft.way = "paper";
	draft.person.market = "GB";
	draft.person.zone = "Europe/London";
	draft.products = ["uk/10"];
	draft.paper.times = ["08:00", "", "21:00"];
	draft.paper.rows = amounts.map(([morning = "", night = ""], at) => ({
		from: from[at] ?? "",
		days: "3",
		amounts: [morning, "", night],
	}));
	change(draft);
	return draft;
}
const DAYS = ["2026-12-01", "2026-12-04", "2026-12-07"];
type Asked = { order: { prescription: { table: string; start: string; until?: string } }; document?: unknown };
const sent = ({ question }: Asking): Asked => {
	if (question === null) throw new Error("nothing is asked");
	return question.body as Asked;
};
const body = (draft: Draft): Asked => sent(askingOf(draft, null, products));

describe("a paper", () => {
	it("is sent as it is written, with the times that it has", () => {
		const { prescription } = body(
			paper(
				[
					["5", "5"],
					["5", "10"],
				],
				DAYS,
			),
		).order;
		expect(prescription.table).toBe("from | 08:00 (mg) | 21:00 (mg)\n2026-12-01 | 5 | 5\n2026-12-04 | 5 | 10");
		expect(prescription.start).toBe("2026-12-01");
	});
	it("joins rows that say the same, so that a review stands before a change only", () => {
		const asking = askingOf(
			paper(
				[
					["5", "5"],
					["5", "5"],
					["5", "10"],
				],
				DAYS,
			),
			null,
			products,
		);
		expect(sent(asking).order.prescription.table).toBe(
			"from | 08:00 (mg) | 21:00 (mg)\n2026-12-01 | 5 | 5\n2026-12-07 | 5 | 10",
		);
		expect(asking.question?.rows.map((one) => one.place)).toEqual([0, 2]);
		const byDays = paper(
			[
				["5", "5"],
				["5", "5"],
				["5", "10"],
			],
			[],
			(draft) => Object.assign(draft.paper, { counts: "days", start: "2026-12-01" }),
		);
		expect(body(byDays).order.prescription.table).toBe("days | 08:00 (mg) | 21:00 (mg)\n6 | 5 | 5\n3 | 5 | 10");
	});
	it("does not hide rows whose days do not come one after the other", () => {
		const { table } = body(
			paper(
				[
					["5", "5"],
					["5", "5"],
				],
				["2026-12-04", "2026-12-01"],
			),
		).order.prescription;
		expect(table.split("\n")).toHaveLength(3);
	});
	it("leaves a row out that is not complete, and says which", () => {
		const asking = askingOf(
			paper(
				[
					["5", "5"],
					["5", ""],
				],
				DAYS,
			),
			null,
			products,
		);
		expect(asking.begun).toEqual([1]);
		expect(sent(asking).order.prescription.table.split("\n")).toHaveLength(2);
	});
	it("asks nothing before it can be asked, and says what is missing", () => {
		const draft = empty();
		draft.way = "paper";
		const asking = askingOf(draft, null, products);
		expect(asking.question).toBeNull();
		expect(asking.missing).toEqual(["market", "products", "times", "rows"]);
	});
	it("goes as typed where it cannot be read: the server refuses with a reason", () => {
		expect(body(paper([["7,5", "1O"]], DAYS)).order.prescription.table).toContain("| 7,5 | 1O");
	});
	it("goes on from the plan that is followed, unless it comes in its place", () => {
		const followed = { schema: "gradatim/plan/1" } as Schemas["PlanDocument"];
		const draft = paper([["5", "5"]], DAYS);
		expect(sent(askingOf(draft, followed, products)).document).toBe(followed);
		draft.goesOn = false;
		expect(sent(askingOf(draft, followed, products)).document).toBeUndefined();
	});
});

describe("a paper in tablets", () => {
	it.each([
		["1", 4],
		["½", 2],
		["1½", 6],
		["1 1/2", 6],
		["1/4", 1],
		["1.5", 6],
		["1,5", 6],
		["0.75", 3],
		["0", 0],
		["11/2", null],
		["1.3", null],
		["5 mg", null],
		["", null],
		["-1", null],
	])("%s is %s quarters", (said, quarters) => expect(quartersOf(said)).toBe(quarters));
	it.each([
		[6, "10 mg", "15 mg"],
		[2, "5 mg", "2.5 mg"],
		[1, "10 mg", "2.5 mg"],
		[1, "25 mg", "6.25 mg"],
		[0, "10 mg", "0 mg"],
	])("%i quarters of %s are %s", (quarters, strength, mg) =>
		expect(asMg(quarters, microgramsOf(strength) ?? 0)).toBe(mg),
	);
	it("is exact for every strength and every count", () => {
		for (const strength of [5, 10, 15, 20, 25, 30, 40])
			for (let quarters = 0; quarters <= 40; quarters += 1)
				expect(Number.parseFloat(asMg(quarters, strength * 1000) ?? "x") * 4).toBe(quarters * strength);
	});
	it("needs one strength, so that a tablet is one thing", () => {
		const two = paper([["1", "1"]], DAYS, (draft) =>
			Object.assign(draft, { products: ["uk/10", "uk/5"], paper: { ...draft.paper, unit: "tablets" } }),
		);
		expect(askingOf(two, null, products)).toMatchObject({ question: null, missing: ["one-tablet"] });
		const liquid = paper([["1", "1"]], DAYS, (draft) =>
			Object.assign(draft, { products: ["uk/solution-1"], paper: { ...draft.paper, unit: "tablets" } }),
		);
		expect(askingOf(liquid, null, products).missing).toEqual(["one-tablet"]);
	});
	it("sends mg, and asks nothing while a cell cannot be read", () => {
		const tablets = (amounts: string[][]): Draft =>
			paper(amounts, DAYS, (draft) => Object.assign(draft.paper, { unit: "tablets" }));
		expect(body(tablets([["½", "1½"]])).order.prescription.table).toContain("2026-12-01 | 5 mg | 15 mg");
		expect(askingOf(tablets([["½", "two"]]), null, products)).toMatchObject({
			question: null,
			unread: [{ row: 0, slot: 2 }],
		});
	});
	it("is held against the answer, tablet by tablet", () => {
		const draft = paper([["½", "1"]], DAYS, (one) => Object.assign(one.paper, { unit: "tablets" }));
		const question = askingOf(draft, null, products).question;
		if (question === null) throw new Error("nothing asked");
		const answer = (morning: number): Schemas["PlanDocument"] =>
			({
				plan: { version: 1 },
				course: {
					versions: [
						{
							slots: [
								{ id: "s1", at: "08:00" },
								{ id: "s2", at: "21:00" },
							],
						},
					],
				},
				steps: [{ version: 1, first: "2026-12-01" }],
				doses: [
					{ date: "2026-12-01", time: "08:00", units: [{ product: "uk/10", strength_mg: 10, count: morning }] },
					{ date: "2026-12-01", time: "21:00", units: [{ product: "uk/10", strength_mg: 10, count: 1 }] },
				],
			}) as unknown as Schemas["PlanDocument"];
		expect(differing(answer(0.5), question)).toEqual([]);
		expect(differing(answer(1), question)).toEqual([0]);
		expect(differing({ ...answer(0.5), doses: [] }, question)).toEqual([0]);
	});
});

describe("where something is said", () => {
	const question = askingOf(
		paper(
			[
				["5", "5"],
				["5", "10"],
			],
			DAYS,
		),
		null,
		products,
	).question;
	const path = (at: string): string => faultsBeside([{ path: at, problem: "", remedy: "" }], question)[0]?.path ?? "";
	it("is beside the cell, the row or the time that caused it", () => {
		expect(path("order.prescription.table row 3, column 3")).toBe("paper.rows[1].amounts[2]");
		expect(path("order.prescription.table row 2, column 1")).toBe("paper.rows[0].first");
		expect(path("order.prescription.table row 3")).toBe("paper.rows[1]");
		expect(path("order.prescription.times[1]")).toBe("paper.times[2]");
		expect(path("order.person.weight")).toBe("person.weight");
	});
	const finding = (rule: string, day: string): Finding => ({
		rule,
		severity: "stop",
		message: "",
		source: [],
		at: "step",
		overridden: false,
		facts: { day },
	});
	it("is beside the row in whose days a finding lies", () => {
		const out = {
			document: { findings: [finding("a", "2026-12-05"), finding("b", "")] },
			fields: [
				{ rule: "a", field: "prescription.table" },
				{ rule: "b", field: "person.age" },
			],
		};
		const told = findingsBeside(out as unknown as Schemas["PlanOut"], question);
		expect(told.map((one) => one.path)).toEqual(["paper.rows[1]", "person.age"]);
		expect(beside(told, "person", true)).toHaveLength(1);
		expect(beside(told, "paper.rows[1]")).toHaveLength(1);
		expect(beside(told, "paper.rows[10]", true)).toHaveLength(0);
	});
});

describe("approving", () => {
	const stop = {
		rule: "day-adult-gb",
		severity: "stop",
		message: "",
		source: [],
		at: "",
		overridden: false,
		facts: {},
	} as Finding;
	it("names each stop once, and none that is overridden or only a caution", () => {
		expect(
			stopsOf([stop, stop, { ...stop, rule: "x", overridden: true }, { ...stop, rule: "y", severity: "caution" }]),
		).toEqual([stop]);
	});
	it("lacks a reason, and for a copy whose paper it is and of which day", () => {
		const draft = empty();
		expect(lacking(draft, [stop], false)).toEqual([
			{ lack: "reason", rule: "day-adult-gb" },
			{ lack: "prescriber" },
			{ lack: "dated" },
		]);
		expect(lacking(draft, [], true)).toEqual([]);
	});
	it("is a copy of a paper, or in one's own name", () => {
		const draft = empty();
		Object.assign(draft.approval, {
			prescriber: " Dr B. Name ",
			dated: "2026-11-20",
			reasons: { "day-adult-gb": " in hospital " },
		});
		const document = {} as Schemas["PlanDocument"];
		expect(approvalOf(draft, document, [stop], false, true)).toMatchObject({
			instead: true,
			copied_from: { prescriber: "Dr B. Name", dated: "2026-11-20" },
			overrides: [{ rule: "day-adult-gb", reason: "in hospital", role: "prescriber" }],
		});
		expect(approvalOf(draft, document, [], true, false)).not.toHaveProperty("copied_from");
	});
});

describe("what was typed", () => {
	it.each([
		["8", "08:00"],
		["800", "08:00"],
		["2100", "21:00"],
		["8.30", "08:30"],
		["20h15", "20:15"],
		["24:00", null],
		["8:5", null],
		["noon", null],
	])("as a time, %s is %s", (said, time) => expect(timeOf(said)).toBe(time));
	it("gets the unit that stands beside its field, and no other", () => {
		expect([unit("62", "kg"), unit("62 kg", "kg"), unit("9 stone", "kg")]).toEqual(["62 kg", "62 kg", "9 stone"]);
	});
	it("leaves out of the person what is not known", () => {
		const draft = empty();
		Object.assign(draft.person, { zone: "UTC", weight: "62", creatinine: "70", medicines: "a\n\n b " });
		expect(personOf(draft.person)).toEqual({
			zone: "UTC",
			weight: "62 kg",
			creatinine: "70 umol/L",
			medicines: ["a", "b"],
		});
	});
	it("is recalled with what a newer app asks besides", () => {
		const kept = JSON.parse(JSON.stringify({ way: "paper", paper: { rows: [row(3, "2026-12-01")] } }));
		const draft = recalled(kept);
		expect(draft.paper.rows[0]?.from).toBe("2026-12-01");
		expect(draft.paper.times).toHaveLength(3);
		expect(recalled("rubbish")).toEqual(empty());
	});
	it("begins a new row where the rows before it point, without amounts", () => {
		const { paper: rows } = paper(
			[
				["5", "5"],
				["5", "10"],
			],
			DAYS,
		);
		expect(nextRow(rows)).toEqual({ from: "2026-12-07", days: "", amounts: ["", "", ""] });
		expect(nextRow({ ...rows, rows: rows.rows.slice(0, 1) }).from).toBe("");
	});
});
