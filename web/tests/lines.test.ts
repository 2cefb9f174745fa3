import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { lines, type Weight } from "../src/packet/lines";
import { show } from "../src/packet/show";
import type { Packet, Shown, Unsent } from "../src/packet/types";

const folder = fileURLToPath(new URL("../../tests/exchange/vectors/packet/", import.meta.url));
const all: { name: string; case: string; packet: Packet; shown: Shown }[] = readdirSync(folder)
	.filter((name) => name.endsWith(".json"))
	.flatMap((name) => {
		const { packet, cases } = JSON.parse(readFileSync(folder + name, "utf8"));
		return cases.map((one: { case: string; now: string; unsent: Unsent[] }) => ({
			name,
			case: one.case,
			packet,
			shown: show(packet, one.now, one.unsent),
		}));
	});
const weights = (name: string, said: string): Weight[] => {
	const found = all.find((one) => one.name === `${name}.json` && one.case === said);
	if (found === undefined) throw new Error(`no case ${said}`);
	return lines(found.packet, found.shown).map((one) => one.weight);
};

describe("what is said, by its weight", () => {
	it("loses no line and keeps their order", () => {
		for (const { packet, shown } of all) expect(lines(packet, shown).map((one) => one.text)).toEqual(shown.says);
	});

	it("calls nothing told that nobody said", () => {
		for (const { packet, shown, name } of all) {
			const told = lines(packet, shown).some((one) => one.weight === "told");
			expect(told, name).toBe(shown.told !== null && shown.held_since === null);
		}
	});

	it("is danger exactly while somebody has to be asked first", () => {
		for (const { packet, shown } of all)
			expect(lines(packet, shown).some((one) => one.weight === "danger")).toBe(shown.ask_first);
	});

	it("has a place for what a phone cannot tell", () => {
		expect(weights("taken-back", "a correction that the server has: only the record can tell")).toContain("unsettled");
	});

	it("knows each kind", () => {
		expect(weights("a-usual-day", "due")).toEqual(["dose", "dose"]);
		expect(weights("a-usual-day", "stale")).toEqual(["stale"]);
		expect(weights("a-usual-day", "missed")).toEqual(["heard", "missed"]);
		expect(weights("a-usual-day", "a minute before the phone's clock reaches the packet")).toEqual(["clock"]);
		expect(weights("a-gap", "held")).toContain("held");
		expect(weights("what-is-not-sent", "taken late, and the next one too soon")).toContain("apart");
		expect(weights("no-plan", "on the day")).toEqual(["missing"]);
		expect(weights("an-emergency", "a sign is noted, not sent yet").slice(0, 2)).toEqual(["danger", "danger"]);
	});
});
