import { describe, expect, it } from "vitest";
import { bundled, newer } from "../src/screens/danger/known";
import type { Schemas } from "../src/server/ask";

describe("the danger signs without a record", () => {
	it("are all there, gravest first, each with what to do and its source", async () => {
		const { signs, levels, sources } = await bundled();
		expect(levels.map((one) => one.id)).toEqual(["E", "D", "V"]);
		expect(signs.filter((one) => one.level === "E").length).toBeGreaterThan(15);
		const order = signs.map((one) => levels.findIndex(({ id }) => id === one.level));
		expect(order).toEqual([...order].sort((one, other) => one - other));
		for (const { act, sign, source } of signs) {
			expect(act.length * sign.length).toBeGreaterThan(0);
			const known = source.map((one) => one.split(" [")[0]).filter((key) => key !== "D");
			for (const key of known) expect(sources.map((one) => one.key)).toContain(key);
		}
	});

	it("say what to do after too much, about stopping, and that no number is held", async () => {
		const { too_much, stopping, missed_rule, emergency } = await bundled();
		expect([too_much[0]?.id, stopping[0]?.id]).toEqual(["overdose", "stopping"]);
		expect(missed_rule.text).not.toBe("");
		expect(emergency.number).toBeNull();
		expect(emergency.text).toContain("has no source");
	});

	it("are as the server told them last, where it did", async () => {
		const held = await bundled();
		const sign = { id: "new", level: "D", sign: "Something new", when: "any time", act: "Ask.", source: ["D [D]"] };
		const grave = { ...sign, id: "grave", level: "E", derived: null };
		const told = { danger_signs: [sign, grave], levels: { E: "At once" } } as unknown as Schemas["DangerOut"];
		const found = newer(held, told);
		expect(found.signs.map((one) => one.id)).toEqual(["grave", "new"]);
		expect(found.levels[0]).toEqual({ id: "E", text: "At once" });
		expect(found.levels[1]).toEqual(held.levels[1]);
		expect(newer(held, { ...told, danger_signs: [] })).toBe(held);
	});
});
