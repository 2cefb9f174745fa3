import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Unheard } from "../src/kept/database";
import { became, standing } from "../src/packet/mine";
import type { Packet, PacketDose, What } from "../src/packet/types";

const file = new URL("../../tests/exchange/vectors/packet/a-usual-day.json", import.meta.url);
const packet: Packet = JSON.parse(readFileSync(file, "utf8")).packet;
const dose = (slot: string): PacketDose => {
	const found = packet.doses.find((one) => one.id === `p1:2026-12-01:${slot}`);
	if (found === undefined) throw new Error(`no ${slot}`);
	return found;
};
const written = (id: string, what: What, at = "2026-12-01T14:02:00Z"): Unheard => ({
	id,
	record: "r",
	cursor: null,
	refused: null,
	entry: { id, person: "p", author: "A. Name", device: "d", at, zone: "Europe/London", recorded: at, what },
});
const TAKEN = { kind: "dose-taken", dose: dose("s2").id, amount: "10 mg" } as const;

describe("what was written here", () => {
	it("stands until it is taken back, and as it was put right", () => {
		const one = written("a", TAKEN);
		expect(standing([one])).toHaveLength(1);
		expect(standing([one, written("b", { kind: "correction", corrects: "a", why: "undone" })])).toEqual([]);
		const instead = { ...TAKEN, amount: "5 mg" };
		const right = { kind: "correction", corrects: "a", why: "less", instead, at: "2026-12-01T13:55:00Z" } as const;
		expect(standing([one, written("b", right)])).toEqual([{ id: "a", at: right.at, what: instead }]);
	});

	it("stands again where the taking back was taken back, and as it was put right last", () => {
		const undone = written("b", { kind: "correction", corrects: "a", why: "undone" });
		const back = written("c", { kind: "correction", corrects: "b", why: "it was taken" });
		expect(standing([written("a", TAKEN), undone, back]).map((one) => one.what)).toEqual([TAKEN]);
		const less = { ...TAKEN, amount: "5 mg" };
		const right = written("d", { kind: "correction", corrects: "a", why: "less", instead: less });
		expect(standing([written("a", TAKEN), right, undone]).map((one) => one.what)).toEqual([]);
		expect(standing([written("a", TAKEN), undone, right]).map((one) => one.what)).toEqual([less]);
	});

	it("counts what the server refuses, until somebody has dealt with it", () => {
		const refused = { ...written("a", TAKEN), refused: [{ path: "", problem: "p", remedy: "r" }] };
		expect(standing([refused])).toHaveLength(1);
	});

	it("puts right what the packet holds, at the time that it had", () => {
		const id = dose("s1").done?.entry ?? "";
		const right = {
			kind: "correction",
			corrects: id,
			why: "less",
			instead: { ...TAKEN, dose: dose("s1").id },
		} as const;
		expect(standing([written("b", right)])).toEqual([]);
		expect(standing([written("b", right)], packet)[0]?.at).toBe(dose("s1").done?.at);
	});

	it("tells what became of a dose: taken goes before the rest, else the last counts", () => {
		expect(became(dose("s1"), [])?.amount).toBe("10 mg");
		expect(became(dose("s2"), [])).toBeNull();
		const skipped = written("a", { kind: "dose-skipped", dose: dose("s2").id, reason: "felt <b>sick</b>" });
		const unsure = written("b", { kind: "dose-unsure", dose: dose("s2").id });
		expect(became(dose("s2"), standing([skipped]))?.reason).toBe("felt <b>sick</b>");
		expect(became(dose("s2"), standing([skipped, unsure]))?.reason).toBeNull();
		const taken = written("c", TAKEN);
		expect(became(dose("s2"), standing([taken, skipped]))?.amount).toBe("10 mg");
		expect(became(dose("s3"), standing([taken, skipped]))).toBeNull();
	});
});
