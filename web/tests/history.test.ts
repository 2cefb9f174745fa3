import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { Entry, Packet, PacketProduct, PacketQuestion, What } from "../src/packet/types";
import { type CalendarDose, fromCalendar, fromPacket } from "../src/screens/history/doses";
import { begin, beginFrom, correctable, make, OWN } from "../src/screens/history/draft";
import { instantOf, isDay, isTime, onTheWall } from "../src/screens/history/moment";
import { said } from "../src/screens/history/said";

const TABLET: PacketProduct = {
	id: "uk/10",
	name: "Baclofen 10 mg tablet",
	form: "tablet",
	strength: "10 mg",
	concentration: null,
	micrograms: 10_000,
	scored: true,
	source: [],
};
const LIQUID: PacketProduct = {
	...TABLET,
	id: "uk/solution-1",
	name: "Liquid",
	form: "solution",
	strength: null,
	concentration: "1 mg/mL",
	micrograms: 1000,
	scored: null,
};
const SCALE = { id: "spasticity", name: "Spasticity", low: 0, high: 10, step: 1 } as PacketQuestion;

function entry(id: string, what: What): Entry {
	return {
		id,
		person: "p",
		author: "a",
		device: "d",
		at: "2026-11-20T08:00:00Z",
		recorded: "2026-11-20T08:00:00Z",
		zone: "Europe/London",
		what,
	};
}

describe("a time on the wall", () => {
	it("means an instant of the person's own zone, in summer and in winter", () => {
		expect(instantOf("2026-11-22", "14:00", "Europe/London")).toBe("2026-11-22T14:00:00Z");
		expect(instantOf("2026-07-22", "14:00", "Europe/London")).toBe("2026-07-22T13:00:00Z");
		expect(instantOf("2026-07-22", "02:30", "America/New_York")).toBe("2026-07-22T06:30:00Z");
		expect(instantOf("2026-07-22", "00:15", "Asia/Kathmandu")).toBe("2026-07-21T18:30:00Z");
	});

	it("comes back as it was said, around every change of clocks", () => {
		for (const time of ["00:30", "03:30", "08:00", "23:45"]) {
			for (const day of ["2026-03-28", "2026-03-29", "2026-10-24", "2026-10-25", "2026-10-26"]) {
				expect(onTheWall(instantOf(day, time, "Europe/London"), "Europe/London")).toEqual({ day, time });
			}
		}
	});

	it("is refused where there is no such day or time", () => {
		expect([isDay("2026-02-29"), isDay("2028-02-29"), isDay("")]).toEqual([false, true, false]);
		expect([isTime("24:00"), isTime("09:59"), isTime("9:59")]).toEqual([false, true, false]);
	});
});

describe("what is written down", () => {
	it("is a planned dose with exactly the tablets of the plan", () => {
		const draft = begin("dose");
		expect(make(draft, [TABLET], []).lacks).toBe("history.lacks-dose");
		draft.dose = "p:2026-11-22:s2";
		draft.known = { amount: "15 mg", units: [{ product: "uk/10", strength: "10 mg", quarters: 6 }], text: "" };
		expect(make(draft, [TABLET], []).what).toEqual({
			kind: "dose-taken",
			dose: "p:2026-11-22:s2",
			amount: "15 mg",
			units: [{ product: "uk/10", strength: "10 mg", quarters: 6 }],
		});
		draft.happened = "dose-skipped";
		draft.reason = " felt sick ";
		expect(make(draft, [TABLET], []).what).toEqual({
			kind: "dose-skipped",
			dose: "p:2026-11-22:s2",
			reason: "felt sick",
		});
		draft.happened = "dose-unsure";
		expect(make(draft, [TABLET], []).what).toEqual({ kind: "dose-unsure", dose: "p:2026-11-22:s2" });
	});

	it("is another amount, added up exactly, and never none", () => {
		const draft = { ...begin("dose"), dose: "p:2026-11-22:s2", other: true };
		draft.amounts = {
			"uk/10": { whole: "1", part: "1", ml: "" },
			"uk/solution-1": { whole: "", part: "0", ml: "2,5" },
		};
		expect(make(draft, [TABLET, LIQUID], []).what).toMatchObject({
			amount: "15 mg",
			units: [
				{ product: "uk/10", strength: "10 mg", quarters: 5 },
				{ product: "uk/solution-1", concentration: "1 mg/mL", microlitres: 2500 },
			],
		});
		draft.amounts = { "uk/10": { whole: "", part: "0", ml: "" } };
		expect(make(draft, [TABLET], []).lacks).toBe("history.lacks-amount");
		draft.amounts = { "uk/10": { whole: "1.5", part: "0", ml: "" } };
		expect(make(draft, [TABLET], []).lacks).toBe("history.lacks-amount");
	});

	it("is an extra dose with what was shown before it, in tablets or in mg", () => {
		const draft = begin("extra");
		expect(make(draft, [TABLET], []).lacks).toBe("history.lacks-extra");
		draft.mg = "7.5";
		expect(make(draft, [TABLET], [], ["guard-extra"]).what).toEqual({
			kind: "extra-dose",
			amount: "7.5 mg",
			despite: ["guard-extra"],
		});
		draft.mg = "about 5";
		expect(make(draft, [TABLET], []).lacks).toBe("history.lacks-number");
	});

	it("is a sign by its id, or own words as they are", () => {
		const draft = begin("symptom");
		expect(make(draft, [], []).lacks).toBe("history.lacks-sign");
		draft.sign = "seizure";
		expect(make(draft, [], []).what).toEqual({ kind: "symptom", sign: "seizure" });
		Object.assign(draft, { sign: OWN, words: " <b>odd</b> " });
		expect(make(draft, [], []).what).toEqual({ kind: "symptom", sign: "<b>odd</b>" });
	});

	it("is a weight, or both numbers of a blood pressure", () => {
		const draft = begin("measured");
		expect(make(draft, [], []).lacks).toBe("history.lacks-measured");
		draft.systolic = "120";
		expect(make(draft, [], []).lacks).toBe("history.lacks-measured");
		draft.diastolic = "80";
		expect(make(draft, [], []).what).toEqual({ kind: "measured", systolic: 120, diastolic: 80 });
		Object.assign(draft, { systolic: "", diastolic: "", weight: "62,5" });
		expect(make(draft, [], []).what).toEqual({ kind: "measured", weight: "62.5 kg" });
	});

	it("is an event, a note, another medicine", () => {
		expect(make(begin("event"), [], []).lacks).toBe("history.lacks-event");
		expect(make({ ...begin("event"), event: "fall" }, [], []).what).toEqual({ kind: "event", event: "fall" });
		expect(make(begin("note"), [], []).lacks).toBe("history.lacks-text");
		expect(make({ ...begin("other"), name: "alcohol" }, [], []).what).toEqual({
			kind: "other-taken",
			name: "alcohol",
			change: "once",
		});
	});
});

describe("a correction", () => {
	const none: ReadonlySet<string> = new Set();

	it("begins from what is written, and leaves it as it is where nothing is changed", () => {
		const all: What[] = [
			{
				kind: "dose-taken",
				dose: "p:2026-11-22:s2",
				amount: "15 mg",
				units: [{ product: "uk/10", strength: "10 mg", quarters: 6 }],
				despite: ["guard-close"],
				reason: "late",
			},
			{ kind: "dose-skipped", dose: "p:2026-11-22:s2", reason: "sick" },
			{ kind: "dose-unsure", dose: "p:2026-11-22:s2" },
			{ kind: "extra-dose", amount: "5 mg", despite: ["guard-extra"] },
			{ kind: "symptom", sign: "seizure", note: "short" },
			{ kind: "event", event: "surgery", on: "2027-01-05" },
			{ kind: "note", text: "ask: travel?" },
			{ kind: "other-taken", name: "ibuprofen", change: "started", amount: "400 mg" },
			{ kind: "measured", weight: "62.5 kg" },
			{ kind: "measured", systolic: 120, diastolic: 80, creatinine: "80 umol/L" },
			{ kind: "check-in", scores: [{ scale: "spasticity", value: 4 }], note: "cold" },
			{ kind: "stock", change: "received", product: "uk/10", quarters: 146, batch: "A1" },
			{ kind: "stock", change: "counted", product: "uk/solution-1", microlitres: 120_500 },
			{ kind: "stock", change: "counted", product: "uk/10", quarters: 0 },
			{ kind: "trip", first: "2026-12-01", last: "2026-12-05", note: "sea" },
			{ kind: "goal", goal: "Walk", level: 1 },
		];
		for (const what of all) {
			expect(correctable(what.kind)).toBe(true);
			expect(make(beginFrom(what, none, ""), [TABLET, LIQUID], [SCALE]).what).toEqual(what);
		}
		expect(
			["person", "plan-approved", "correction", "preference"].some((kind) => correctable(kind as What["kind"])),
		).toBe(false);
	});

	it("keeps a score on its scale", () => {
		const draft = beginFrom({ kind: "check-in", scores: [{ scale: "spasticity", value: 4 }] }, none, "");
		draft.scores.spasticity = "11";
		expect(make(draft, [], [SCALE]).lacks).toBe("history.lacks-number");
		draft.scores.spasticity = "";
		expect(make(draft, [], [SCALE]).lacks).toBe("history.lacks-answers");
	});

	it("never makes a received box of nothing", () => {
		const draft = beginFrom({ kind: "stock", change: "received", product: "uk/10", quarters: 4 }, none, "");
		draft.amounts["uk/10"] = { whole: "0", part: "0", ml: "" };
		expect(make(draft, [TABLET], []).lacks).toBe("history.lacks-number");
	});
});

describe("the doses of a day", () => {
	const CALENDAR: CalendarDose[] = [
		{
			id: "p:2026-10-01:s1",
			date: "2026-10-01",
			time: "08:00",
			at: "2026-10-01T07:00:00Z",
			mg: 12.5,
			text: "1¼ tablets",
			units: [{ product: "uk/10", strength_mg: 10, count: 1.25 }],
		},
		{
			id: "p:2026-10-01:s2",
			date: "2026-10-01",
			time: "14:00",
			at: "2026-10-01T13:00:00Z",
			mg: 2.5,
			text: "2.5 mL",
			units: { product: "uk/solution-1", ml: 2.5, mg_per_ml: 1 },
		},
	];

	it("come from the calendar of the plan, in quarters and microlitres", () => {
		const [one, two] = fromCalendar(CALENDAR, "2026-10-01", []);
		expect(one).toMatchObject({
			amount: "12.5 mg",
			units: [{ product: "uk/10", strength: "10 mg", quarters: 5 }],
			became: null,
		});
		expect(two).toMatchObject({
			amount: "2.5 mg",
			units: [{ product: "uk/solution-1", concentration: "1 mg/mL", microlitres: 2500 }],
		});
		expect(fromCalendar(CALENDAR, "2026-10-02", [])).toEqual([]);
	});

	it("know what was written about them: taken goes before the rest, what was taken back does not count", () => {
		const taken = entry("1", { kind: "dose-taken", dose: "p:2026-10-01:s1", amount: "12.5 mg" });
		const skipped = entry("2", { kind: "dose-skipped", dose: "p:2026-10-01:s1" });
		const back = entry("3", { kind: "correction", corrects: "1", why: "no" });
		const instead = entry("4", {
			kind: "correction",
			corrects: "1",
			why: "no",
			instead: { kind: "dose-unsure", dose: "p:2026-10-01:s1" },
		});
		const became = (...entries: Entry[]) => fromCalendar(CALENDAR, "2026-10-01", entries)[0]?.became;
		expect(became(skipped, taken)).toBe("dose-taken");
		expect(became(taken, back)).toBe(null);
		expect(became(taken, skipped, back)).toBe("dose-skipped");
		expect(became(taken, instead)).toBe("dose-unsure");
	});

	it("come from the packet without a network, with the same tablets", () => {
		const path = fileURLToPath(new URL("../../tests/exchange/vectors/packet/a-review.json", import.meta.url));
		const packet = (JSON.parse(readFileSync(path, "utf8")) as { packet: Packet }).packet;
		const doses = fromPacket(packet, packet.today, []);
		expect(doses?.map((one) => one.id)).toEqual(
			packet.doses.filter((one) => one.day === packet.today).map((one) => one.id),
		);
		expect(doses?.length).toBeGreaterThan(0);
		for (const one of doses ?? []) {
			const sum = one.units.reduce(
				(mg, unit) => mg + (Number((unit.strength ?? "").replace(" mg", "")) * (unit.quarters ?? 0)) / 4,
				0,
			);
			expect(`${sum} mg`).toBe(one.amount);
		}
		expect(fromPacket(packet, "2020-01-01", [])).toBe(null);
		const [first] = doses ?? [];
		const own = entry("1", { kind: "dose-skipped", dose: first?.id ?? "" });
		if (first?.became === null) expect(fromPacket(packet, packet.today, [own])?.[0]?.became).toBe("dose-skipped");
	});
});

describe("what was written here, in words", () => {
	it("shows what somebody typed as it is", () => {
		expect(said({ kind: "note", text: "<script>{text}</script>" }, null)).toBe("Note: <script>{text}</script>");
		expect(said({ kind: "stock", change: "received", product: "uk/10", quarters: 146 }, null)).toBe(
			"Fetched: 36½ tablets of uk/10.",
		);
		expect(said({ kind: "stock", change: "counted", product: "uk/10" }, null)).toBe(
			"Box counted: no tablets of uk/10.",
		);
		expect(said({ kind: "dose-skipped", dose: "p:2026-11-22:s2" }, null)).toBe("The dose of Sun 22 Nov left out.");
	});

	it("says what a correction is about", () => {
		const was: What = { kind: "note", text: "a" };
		expect(said({ kind: "correction", corrects: "1", why: "x" }, null, () => was)).toBe("Taken back: Note: a");
		expect(said({ kind: "correction", corrects: "1", why: "x", instead: { kind: "note", text: "b" } }, null)).toBe(
			"Put right: Note: b",
		);
	});
});
