import { describe, expect, it, vi } from "vitest";
import { dayBefore, instant, plus } from "../src/packet/instant";

async function fresh(): Promise<typeof import("../src/kept/uuid")> {
	vi.resetModules();
	return import("../src/kept/uuid");
}

const ones = (bytes: Uint8Array): void => void bytes.fill(0xff);

describe("an id of an entry", () => {
	it("is a UUIDv7: version, variant and time in their places", async () => {
		const { newId } = await fresh();
		const id = newId(Date.parse("2026-12-01T08:00:00Z"));
		expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
		expect(Number.parseInt(id.slice(0, 13).replace("-", ""), 16)).toBe(Date.parse("2026-12-01T08:00:00Z"));
	});

	it("takes its random end from the browser, and nothing else", async () => {
		const { newId } = await fresh();
		expect(newId(0x018f_0000_0000, (bytes) => void bytes.fill(0))).toBe("018f0000-0000-7000-8000-000000000000");
		expect(newId(0x018f_0000_0001, ones)).toBe("018f0000-0001-7fff-bfff-ffffffffffff");
	});

	it("sorts by the order of writing within a millisecond", async () => {
		const { newId } = await fresh();
		const ids = Array.from({ length: 2000 }, () => newId(1_800_000_000_000));
		expect([...ids].sort()).toEqual(ids);
		expect(new Set(ids).size).toBe(2000);
		expect(ids.every((id) => id[14] === "7" && "89ab".includes(id[19] ?? ""))).toBe(true);
	});

	it("sorts by the order of writing when the clock is set back", async () => {
		const { newId } = await fresh();
		const ids = [0, 3_600_000, 5, 3_600_001, 0].map((later) => newId(1_800_000_000_000 + later));
		expect([...ids].sort()).toEqual(ids);
	});
});

describe("instants", () => {
	it("have one shape, so that they compare as texts", () => {
		expect(instant(new Date("2026-12-01T08:05:00.999Z"))).toBe("2026-12-01T08:05:00Z");
		expect(instant(new Date("2026-12-01T09:05:00+01:00"))).toBe("2026-12-01T08:05:00Z");
	});

	it("add seconds over the ends of days, months and years", () => {
		expect(plus("2026-12-31T23:59:59Z", 1)).toBe("2027-01-01T00:00:00Z");
		expect(plus("2028-02-28T12:00:00Z", 86_400)).toBe("2028-02-29T12:00:00Z");
		expect(plus("2026-12-01T00:00:00Z", -1)).toBe("2026-11-30T23:59:59Z");
	});

	it("count days of a calendar whatever the clocks do", () => {
		expect(dayBefore("2026-03-30", 2)).toBe("2026-03-28"); // the clocks went forward between them
		expect(dayBefore("2026-10-26", 2)).toBe("2026-10-24");
		expect(dayBefore("2028-03-01", 1)).toBe("2028-02-29");
		expect(dayBefore("2026-12-31", 364)).toBe("2026-01-01");
	});
});
