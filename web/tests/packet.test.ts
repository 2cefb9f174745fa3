import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { show } from "../src/packet/show";
import type { Packet, Shown, Unsent } from "../src/packet/types";

interface Vector {
	says: string;
	packet: Packet;
	cases: { case: string; now: string; unsent: Unsent[]; shown: Shown }[];
}

const folder = fileURLToPath(new URL("../../tests/exchange/vectors/packet/", import.meta.url));
const names = readdirSync(folder).filter((name) => name.endsWith(".json"));

it("replays vectors at all", () => {
	expect(names.length).toBeGreaterThan(10);
});

describe.each(names)("%s", (name) => {
	const vector: Vector = JSON.parse(readFileSync(folder + name, "utf8"));
	it.each(vector.cases)("$case", ({ now, unsent, shown }) => {
		expect(show(vector.packet, now, unsent)).toEqual(shown);
	});
});
