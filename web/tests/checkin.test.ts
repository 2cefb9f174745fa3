import { describe, expect, it } from "vitest";
import { meant } from "../src/packet/noted";
import type { Packet, PacketQuestion } from "../src/packet/types";
import type { Draft } from "../src/screens/checkin/draft.svelte";
import { asked, entries } from "../src/screens/checkin/entries";
import { bundled } from "../src/screens/danger/known";

const question = (id: string, only_if: string | null = null): PacketQuestion => ({
	id,
	name: id,
	question: id,
	frame: "",
	every: "day",
	low: 0,
	high: 10,
	step: 1,
	parts: 1,
	unit: "",
	better: "low",
	anchored_only: false,
	anchors: [],
	only_if,
	how: null,
	source: [],
});
const packet = {
	questions: [question("spasticity"), question("spasms"), question("spasm-severity", "spasms"), question("goal")],
	goals: [{ text: "Walk to the shop", weight: 4 }],
	events: [{ event: "fall", text: "A fall", sign: "falls" }],
} as unknown as Packet;
const draft = (more: Partial<Draft>): Draft => ({
	record: null,
	begun: 0,
	scores: {},
	goals: {},
	signs: [],
	events: [],
	note: "",
	...more,
});

describe("a check-in", () => {
	it("writes nothing where nothing was answered", () => {
		expect(entries(packet, draft({ note: "  " }))).toEqual([]);
	});

	it("is one entry with its answers, a zero among them, and the note", () => {
		expect(entries(packet, draft({ scores: { spasticity: 0 }, note: " a <b>good</b> day " }))).toEqual([
			{ kind: "check-in", scores: [{ scale: "spasticity", value: 0 }], note: "a <b>good</b> day" },
		]);
		expect(entries(packet, draft({ note: "only words" }))).toEqual([{ kind: "check-in", note: "only words" }]);
	});

	it("asks how strong spasms were only where there were some, and keeps no answer to what is not asked", () => {
		const none = draft({ scores: { spasms: 0, "spasm-severity": 2 } });
		expect(asked(packet, none, "spasm-severity")).toBe(false);
		expect(entries(packet, none)).toEqual([{ kind: "check-in", scores: [{ scale: "spasms", value: 0 }] }]);
		const some = draft({ scores: { spasms: 1, "spasm-severity": 2 } });
		expect(asked(packet, some, "spasm-severity")).toBe(true);
		expect(entries(packet, some)[0]).toMatchObject({ scores: [{ scale: "spasms" }, { scale: "spasm-severity" }] });
	});

	it("writes goals, signs and events as entries of their own", () => {
		const all = draft({ goals: { "Walk to the shop": -1 }, signs: ["drowsiness"], events: ["fall"] });
		expect(entries(packet, all)).toEqual([
			{ kind: "goal", goal: "Walk to the shop", level: -1, weight: 4 },
			{ kind: "symptom", sign: "drowsiness" },
			{ kind: "event", event: "fall" },
		]);
	});
});

describe("what a sign means by itself", () => {
	it("is said at once, under the name of a side effect too", async () => {
		const known = await bundled();
		const ids = (noted: string): string[] => meant(known, [noted]).map((one) => one.id);
		expect(ids("slow-breathing")).toEqual(["slow-breathing"]);
		expect(ids("respiratory-depression")).toEqual(["slow-breathing"]);
		expect(ids("insomnia")).toEqual([]); // only beside something else, which the record judges
	});
});
