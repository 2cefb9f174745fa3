import { describe, expect, it } from "vitest";
import { fits, kept, waiting } from "../src/live/pin";

const FEW = 1000; // rounds: the real number takes a second

describe("the lock's number", () => {
	it("opens with itself only", async () => {
		const one = await kept("1234", 5, FEW);
		expect(await fits("1234", one)).toBe(true);
		expect(await fits("1235", one)).toBe(false);
		expect(await fits("", one)).toBe(false);
	});
	it("is not kept, and salted anew each time", async () => {
		const [one, other] = [await kept("1234", 5, FEW), await kept("1234", 5, FEW)];
		expect(one.hash).not.toEqual(other.hash);
		expect(JSON.stringify(one)).not.toContain("1234");
	});
	it("is the same however its digits were typed", async () => {
		expect(await fits("1234", await kept("１２３４", 5, FEW))).toBe(true);
	});
	it("makes one wait after five wrong tries, longer each time and never more than five minutes", () => {
		const at = (wrong: number, seconds: number) => waiting({ wrong, tried: 0 }, seconds * 1000);
		expect([at(4, 0), at(5, 0), at(5, 4), at(5, 5), at(6, 0), at(30, 0)]).toEqual([0, 5, 1, 0, 10, 300]);
	});
	it("does not wait less when the clock is put back", () => expect(waiting({ wrong: 6, tried: 10_000 }, 0)).toBe(10));
});
