import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { cautions, cautionsBeside } from "../src/packet/before";
import { show } from "../src/packet/show";
import type { Packet, State } from "../src/packet/types";

interface Vector {
	says: string;
	packet: Packet;
	cases: { now: string; dose: string; state: State; at: string; micrograms: number; rules: string[] }[];
}

const folder = fileURLToPath(new URL("../../tests/exchange/vectors/taking/", import.meta.url));
const read = (name: string): Vector => JSON.parse(readFileSync(folder + name, "utf8"));
const names = readdirSync(folder).filter((name) => name.endsWith(".json"));

describe("what has to be seen before a dose is recorded", () => {
	it.each(names)("is what the record says: %s", (name) => {
		const { packet, cases } = read(name);
		expect(cases.length).toBeGreaterThan(20);
		for (const { now, dose: id, state, at, micrograms, rules } of cases) {
			const dose = packet.doses.find((one) => one.id === id);
			if (dose === undefined) throw new Error(`${name} lacks ${id}`);
			const found = cautions(packet, show(packet, now), [], now, { dose, state, at, micrograms });
			expect(
				found.map((one) => one.rule),
				`${now} ${id} ${state} at ${at}: ${micrograms}`,
			).toEqual(rules);
		}
	});

	it("counts what is not sent: a dose taken here a short time ago", () => {
		const { packet } = read("a-day.json");
		const now = "2026-12-01T14:00:00Z";
		const dose = packet.doses.find((one) => one.id === "p1:2026-12-01:s2");
		if (dose === undefined) throw new Error("no such dose");
		const taking = { dose, state: "due", at: now, micrograms: dose.micrograms } as const;
		const extra = { kind: "extra-dose", at: "2026-12-01T13:30:00Z" };
		expect(cautions(packet, show(packet, now), [], now, taking)).toEqual([]);
		const found = cautions(packet, show(packet, now, [extra]), [extra], now, taking);
		expect(found.map((one) => one.rule)).toEqual(["guard-close"]);
		expect(found[0]?.text).not.toBe("");
	});

	it("asks about drug beside the plan, until it is history", () => {
		const { packet } = read("a-day.json");
		const now = "2026-12-01T14:00:00Z";
		const rules = (at: string): string[] => cautionsBeside(packet, show(packet, now), now, at).map((one) => one.rule);
		expect(rules(now)).toEqual(["guard-extra"]);
		expect(rules("2026-12-01T13:45:00Z")).toEqual(["guard-extra"]);
		expect(rules("2026-12-01T13:44:59Z")).toEqual([]);
	});

	it("says that somebody has to be asked first, also beside the plan", () => {
		const { packet } = read("a-gap.json");
		const now = "2026-12-02T22:30:00Z";
		expect(cautionsBeside(packet, show(packet, now), now, now).map((one) => one.rule)).toEqual([
			"guard-gap",
			"guard-extra",
		]);
	});
});
