import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { Unheard } from "../src/kept/database";
import { overlaid } from "../src/packet/overlay";
import { show } from "../src/packet/show";
import type { Packet, Shown, State, What } from "../src/packet/types";

const folder = new URL("../../tests/exchange/vectors/packet/", import.meta.url);
const read = (name: string): Packet =>
	JSON.parse(readFileSync(fileURLToPath(new URL(`${name}.json`, folder)), "utf8")).packet;
const usual = read("a-usual-day"); // 1 December in London, built at 08:10; 08:00 taken, 14:00 and 21:00 to come
const [first, second] = ["p1:2026-12-01:s1", "p1:2026-12-01:s2"] as const;
const TAKEN = { kind: "dose-taken", dose: second, amount: "10 mg" } as const;

let count = 0;

function written(what: What, at: string, more: Partial<Unheard> = {}): Unheard {
	const id = `0199ffff-0000-7000-8000-${String(++count).padStart(12, "0")}`;
	const entry = {
		id,
		person: "somebody",
		author: "A. Name",
		device: "d",
		at,
		zone: "Europe/London",
		recorded: at,
		what,
	};
	return { id, record: "r", entry, cursor: null, refused: null, ...more };
}

function shown(unheard: Unheard[], now: string, packet = usual): Shown {
	const laid = overlaid(packet, unheard, now);
	return show(laid.packet, now, laid.unsent);
}

function state(dose: string, unheard: Unheard[], now: string): State | undefined {
	return shown(unheard, now).doses.find((one) => one.id === dose)?.state;
}

describe("what was written here since the packet", () => {
	it("counts at once: sent, acknowledged, or not", () => {
		expect(state(second, [], "2026-12-01T14:05:00Z")).toBe("due");
		for (const cursor of [null, 9]) {
			const taken = written(TAKEN, "2026-12-01T14:02:00Z", { cursor });
			expect(state(second, [taken], "2026-12-01T14:05:00Z")).toBe("taken");
			expect(shown([taken], "2026-12-01T14:05:00Z").offer).toBeNull();
		}
	});

	it("counts although the server refuses it, until somebody has dealt with it: a dose is not offered twice", () => {
		const taken = written(TAKEN, "2026-12-01T14:02:00Z", { refused: [{ path: "", problem: "p", remedy: "r" }] });
		expect(state(second, [taken], "2026-12-01T14:05:00Z")).toBe("taken");
	});

	it("counts although the clock of the device was ahead and is right again", () => {
		const taken = written(TAKEN, "2026-12-01T15:30:00Z");
		expect(state(second, [taken], "2026-12-01T14:05:00Z")).toBe("taken");
		expect(shown([taken], "2026-12-01T14:05:00Z").offer).toBeNull();
	});

	it("counts although the clock of the device is behind the packet", () => {
		const taken = written({ ...TAKEN, dose: second }, "2026-12-01T07:00:00Z");
		expect(state(second, [taken], "2026-12-01T07:00:00Z")).toBe("taken");
	});

	it("is open again when it is taken back, and taken when it is recorded once more", () => {
		const taken = written(TAKEN, "2026-12-01T14:02:00Z");
		const undone = written({ kind: "correction", corrects: taken.id, why: "undone at once" }, "2026-12-01T14:03:00Z");
		const again = written(TAKEN, "2026-12-01T14:04:00Z");
		expect(state(second, [taken, undone], "2026-12-01T14:05:00Z")).toBe("due");
		expect(state(second, [taken, undone, again], "2026-12-01T14:05:00Z")).toBe("taken");
	});

	it("is what its last correction says", () => {
		const taken = written(TAKEN, "2026-12-01T14:02:00Z");
		const skipped = { kind: "dose-skipped", dose: second } as const;
		const mended = written(
			{ kind: "correction", corrects: taken.id, why: "wrong button", instead: skipped },
			"2026-12-01T14:03:00Z",
		);
		expect(state(second, [taken, mended], "2026-12-01T14:05:00Z")).toBe("skipped");
		const back = written(
			{ kind: "correction", corrects: taken.id, why: "it was right", instead: TAKEN },
			"2026-12-01T14:04:00Z",
		);
		expect(state(second, [taken, mended, back], "2026-12-01T14:05:00Z")).toBe("taken");
	});

	it("moves a dose to when it was really taken, and the next keeps its distance from there", () => {
		const taken = written(TAKEN, "2026-12-01T20:30:00Z");
		expect(shown([taken], "2026-12-01T21:00:00Z").wait_until).not.toBeNull();
		const mended = written({ kind: "correction", corrects: taken.id, why: "earlier", instead: TAKEN, at: "2026-12-01T14:02:00Z" }, "2026-12-01T20:31:00Z"); // biome-ignore format: one entry
		expect(shown([taken, mended], "2026-12-01T21:00:00Z").wait_until).toBeNull();
	});
});

describe("what the packet has and was taken back here", () => {
	const done = usual.doses.find((one) => one.id === first)?.done?.entry ?? "";
	const undone = (instead?: What & { kind: "dose-skipped" }): Unheard =>
		written(
			{ kind: "correction", corrects: done, why: "undone at once", ...(instead ? { instead } : {}) },
			"2026-12-01T08:12:00Z",
		);

	it("is open again", () => {
		expect(done).not.toBe("");
		expect(state(first, [], "2026-12-01T08:15:00Z")).toBe("taken");
		expect(state(first, [undone()], "2026-12-01T08:15:00Z")).toBe("due");
		expect(overlaid(usual, [undone()], "2026-12-01T08:15:00Z").packet.takings).toHaveLength(usual.takings.length - 1);
	});

	it("is what was said instead", () => {
		expect(state(first, [undone({ kind: "dose-skipped", dose: first })], "2026-12-01T08:15:00Z")).toBe("skipped");
	});

	it("leaves the packet itself as it came", () => {
		const before = JSON.stringify(usual);
		overlaid(usual, [undone()], "2026-12-01T08:15:00Z");
		expect(JSON.stringify(usual)).toBe(before);
		expect(overlaid(usual, [], "2026-12-01T08:15:00Z").packet).toBe(usual);
	});

	it("has the gap compared anew, for the packet counted from that dose", () => {
		const now = "2026-12-02T09:30:00Z"; // more than the guard's hours after 08:00 and 08:05, and the dose of the morning is late
		const packet = { ...usual, guard: { ...usual.guard, held: [] }, fresh_until: "2026-12-09T00:00:00Z" };
		expect(usual.guard.hours).toBe(24);
		expect(shown([], now, packet).held_since).toBeNull(); // as the packet says
		expect(shown([undone()], now, packet).held_since).toBe("2026-12-01T08:00:00Z"); // the first dose that was to be taken
	});
});

describe("an answer that is not sent", () => {
	const gap = read("a-gap"); // nothing recorded since 1 December 21:00: held from 2 December 22:00 on
	const now = "2026-12-03T09:31:00Z";
	const answer = (rule: string): Unheard =>
		written({ kind: "watch-answered", rule, by: "Dr A. Name", said: "half of it now" }, "2026-12-03T09:30:00Z");

	it("about the gap lifts the guard, and says what was told", () => {
		expect(shown([], now, gap).held_since).not.toBeNull();
		expect(shown([answer("gap")], now, gap)).toMatchObject({ held_since: null, told: "2026-12-03T09:30:00Z" });
	});

	it("about anything else lifts nothing and tells nothing", () => {
		expect(shown([answer("watch-fall")], now, gap)).toEqual(shown([], now, gap));
	});
});
