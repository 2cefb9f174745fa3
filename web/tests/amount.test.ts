import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
	countText,
	inThousandths,
	measures,
	micrograms,
	milligrams,
	millilitres,
	tenfold,
	used,
} from "../src/packet/amount";
import type { Packet, PacketProduct } from "../src/packet/types";

const file = new URL("../../tests/exchange/vectors/packet/a-usual-day.json", import.meta.url);
const packet: Packet = JSON.parse(readFileSync(file, "utf8")).packet;
const tablet = packet.products[0] as PacketProduct;
const liquid: PacketProduct = {
	...tablet,
	id: "uk/solution-1",
	form: "solution",
	strength: null,
	concentration: "1 mg/mL",
	micrograms: 1000,
};

describe("amounts", () => {
	it("are written as safe medication writing asks", () => {
		expect([10_000, 12_500, 500, 1_250, 100_000].map(milligrams)).toEqual([
			"10 mg",
			"12.5 mg",
			"0.5 mg",
			"1.25 mg",
			"100 mg",
		]);
		expect([500, 2_500, 10_000].map(millilitres)).toEqual(["0.5 mL", "2.5 mL", "10 mL"]);
		expect([0, 1, 2, 3, 4, 6, 9].map(countText)).toEqual(["0", "¼", "½", "¾", "1", "1½", "2¼"]);
	});

	it("are read exactly, or not at all", () => {
		expect(["2.5", "2,5", " 10 ", "0.125", "00.5"].map(inThousandths)).toEqual([2500, 2500, 10_000, 125, 500]);
		for (const text of ["", "2.5000", "1e3", "-1", "2 5", "½", "ten", "1,234,5", ".5", "123456"])
			expect(inThousandths(text)).toBeNull();
	});

	it("add up in whole micrograms: tablets × strength = mg, for every dose of the packet", () => {
		expect(packet.doses.length).toBeGreaterThan(5);
		for (const dose of packet.doses) {
			const made = measures(dose, packet.products);
			expect(micrograms(made)).toBe(dose.micrograms);
			expect(milligrams(dose.micrograms)).toBe(dose.amount);
		}
		expect(micrograms([{ product: liquid, count: 7_500 }])).toBe(7_500);
		expect(
			micrograms([
				{ product: tablet, count: 6 },
				{ product: liquid, count: 500 },
			]),
		).toBe(15_500);
	});

	it("are refused where they hold no whole number of micrograms", () => {
		expect(micrograms([{ product: { ...tablet, micrograms: 2_001 }, count: 1 }])).toBeNull();
		expect(micrograms([{ product: { ...liquid, micrograms: 333 }, count: 1 }])).toBeNull();
	});

	it("are kept as an entry holds them, without what was not taken", () => {
		expect(
			used([
				{ product: tablet, count: 6 },
				{ product: liquid, count: 0 },
			]),
		).toEqual([{ product: "uk/10", strength: "10 mg", quarters: 6 }]);
		expect(used([{ product: liquid, count: 2_500 }])).toEqual([
			{ product: "uk/solution-1", concentration: "1 mg/mL", microlitres: 2_500 },
		]);
	});

	it("ten times more or less are noticed, both ways and no sooner", () => {
		expect(tenfold(100_000, 10_000)).toBe(true);
		expect(tenfold(1_000, 10_000)).toBe(true);
		expect(tenfold(99_999, 10_000)).toBe(false);
		expect(tenfold(1_001, 10_000)).toBe(false);
		expect(tenfold(0, 10_000)).toBe(false);
	});

	it("are not drawn from a product that the packet does not describe", () => {
		const dose = packet.doses[0];
		if (dose === undefined) throw new Error("no dose");
		expect(() => measures(dose, [])).toThrow(/does not describe/);
	});
});
