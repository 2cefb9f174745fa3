import { describe, expect, it } from "vitest";
import { amountText, type Choice, make, NOTHING } from "../src/screens/box/stock";
import { runs, weeks } from "../src/screens/box/weeks";
import type { Schemas } from "../src/server/ask";

const TABLET: Choice = { id: "uk/10", name: "Baclofen 10 mg tablet", liquid: false };
const LIQUID: Choice = { id: "uk/solution-1", name: "Liquid", liquid: true };

describe("what is written down about the box", () => {
	it("takes nothing typed for a question, and never for 0", () => {
		expect(make("counted", NOTHING, undefined).lacks).toBe("box.lacks-product");
		expect(make("counted", NOTHING, TABLET).lacks).toBe("box.lacks-count");
		expect(make("counted", { ...NOTHING, whole: "0" }, TABLET).what).toEqual({
			kind: "stock",
			change: "counted",
			product: "uk/10",
			quarters: 0,
		});
		expect(make("counted", NOTHING, LIQUID).lacks).toBe("box.lacks-count");
		expect(make("received", { ...NOTHING, whole: "0" }, TABLET).lacks).toBe("box.lacks-amount");
	});

	it("counts quarters and microlitres", () => {
		expect(make("received", { ...NOTHING, whole: "36", part: "2", batch: " A1 " }, TABLET).what).toEqual({
			kind: "stock",
			change: "received",
			product: "uk/10",
			quarters: 146,
			batch: "A1",
		});
		expect(make("lost", { ...NOTHING, whole: "", part: "1" }, TABLET).what).toMatchObject({ quarters: 1 });
		expect(make("counted", { ...NOTHING, ml: "120,5" }, LIQUID).what).toEqual({
			kind: "stock",
			change: "counted",
			product: "uk/solution-1",
			microlitres: 120_500,
		});
		for (const whole of ["1.5", "-1", "ten", "1e3"])
			expect(make("counted", { ...NOTHING, whole }, TABLET).lacks).toBe("box.lacks-number");
	});

	it("opens a bottle without changing how much there is", () => {
		expect(make("opened", { ...NOTHING, keeps: "90", ml: "5" }, LIQUID).what).toEqual({
			kind: "stock",
			change: "opened",
			product: "uk/solution-1",
			in_use_days: 90,
		});
		expect(make("opened", { ...NOTHING, keeps: "soon" }, LIQUID).lacks).toBe("box.lacks-number");
	});

	it("is said back in tablets, and never in mg", () => {
		const text = (quarters: number) =>
			amountText({ kind: "stock", change: "counted", product: "uk/10", quarters }, TABLET);
		expect([text(0), text(2), text(4), text(146)]).toEqual([
			"no tablets of Baclofen 10 mg tablet",
			"½ tablet of Baclofen 10 mg tablet",
			"1 tablet of Baclofen 10 mg tablet",
			"36½ tablets of Baclofen 10 mg tablet",
		]);
	});
});

describe("the weeks ahead", () => {
	const stock = (run_out: string | null): Schemas["StockOut"] =>
		({
			date: "2026-11-23",
			run_out,
			ahead: {
				until: "2027-01-18",
				collect_by: "2026-11-27",
				order_by: null,
				closed: [
					{ day: "2026-11-28", name: "Saturday" },
					{ day: "2026-11-29", name: "Sunday" },
				],
				trips: [{ entry: "1", first: "2026-11-29", last: "2026-12-01", note: null }],
			},
		}) as unknown as Schemas["StockOut"];

	it("can be made until the day before the first dose that cannot", () => {
		const days = weeks(stock("2026-11-28"));
		expect(days.length).toBe(28);
		expect(days.filter((one) => one.made).map((one) => one.day)).toEqual([
			"2026-11-23",
			"2026-11-24",
			"2026-11-25",
			"2026-11-26",
			"2026-11-27",
		]);
		expect(days.filter((one) => one.out).map((one) => one.day)).toEqual(["2026-11-28"]);
		expect(days.find((one) => one.fetch)?.day).toBe("2026-11-27");
		expect(runs(days, (one) => one.closed !== null)).toEqual([{ at: 5, count: 2 }]);
		expect(runs(days, (one) => one.away)).toEqual([{ at: 6, count: 3 }]);
	});

	it("reach a week beyond the end, and not beyond what the answer knows", () => {
		expect(weeks(stock("2027-01-01")).at(-1)?.day).toBe("2027-01-07");
		expect(weeks(stock("2027-03-01")).at(-1)?.day).toBe("2027-01-18");
		expect(weeks(stock(null)).every((one) => one.made)).toBe(true);
	});
});
