import { describe, expect, it } from "vitest";
import { type Effect, GRAVITY, gravityOf, grouped, howCommon, type Sign } from "../src/screens/learn/effects";
import { find, type Page, plain } from "../src/screens/learn/find";
import { cited, link } from "../src/screens/learn/sources";
import { headingOf, under } from "../src/screens/learn/topics";

const page = (title: string, text: string, also = ""): Page => ({ kind: "", title, text, also, to: title });

describe("search", () => {
	const pages = [
		page("Headache", "Your head hurts."),
		page("Driving", "Do not drive until you know. A headache is another matter."),
		page("Opioids", "They slow the breathing.", "codeine morphine"),
		page("Liorésal", "Ein Medikament für die Straße. Œdème."),
	];
	const titles = (words: string) => find(pages, words).map(({ title }) => title);

	it("puts what has the word in its title first", () => expect(titles("headache")).toEqual(["Headache", "Driving"]));
	it("wants every word, in any order", () => {
		expect(titles("know drive")).toEqual(["Driving"]);
		expect(titles("know codeine")).toEqual([]);
	});
	it("takes the beginning of a word, not its middle", () => {
		expect(titles("morph")).toEqual(["Opioids"]);
		expect(titles("ache")).toEqual([]);
	});
	it("cares for no accents, ligatures or capitals", () => {
		expect(titles("lioresal")).toEqual(["Liorésal"]);
		expect(titles("STRASSE oedeme")).toEqual(["Liorésal"]);
		expect(plain("Ünlü  Naïve—œuf")).toBe("unlu naive oeuf");
	});
	it("finds nothing for nothing", () => expect(titles(" - ")).toEqual([]));
	it("shows the sentence with the word", () => {
		expect(find(pages, "headache")[1]?.part).toBe("A headache is another matter.");
	});
});

describe("effects", () => {
	const effect = (
		id: string,
		frequencies: Partial<Effect["frequencies"][number]>[],
		danger_signs: string[] = [],
	): Effect => ({
		id,
		name: id,
		plain: "",
		danger_signs,
		frequencies: frequencies.map((one) => ({ source: [], ...one })),
	});
	const sign = (id: string, level: string): Sign => ({ id, level, sign: id, act: "", when: "", source: [] });

	it("follows the words of the sources, the most common of them", () => {
		expect(howCommon(effect("a", [{ words: "rare" }, { words: "common (at least 1 in 100)" }]))).toBe("common");
		expect(
			howCommon(effect("a", [{ words: "very common (at least 1 in 10)" }, { words: "common (at least 1 in 100)" }])),
		).toBe("very-common");
		expect(
			howCommon(effect("a", [{ words: "common (at least 1 in 100)" }, { percent_low: "1", percent_high: "11" }])),
		).toBe("common");
	});
	it("follows the highest share where no source has a word", () => {
		expect(howCommon(effect("a", [{ percent_low: "2", percent_high: "6" }]))).toBe("common");
		expect(howCommon(effect("a", [{ percent_low: "5", percent_high: "10" }]))).toBe("very-common");
		expect(howCommon(effect("a", [{ percent_low: "0", percent_high: "0.99" }]))).toBe("uncommon");
	});
	it("does not guess from other words", () => {
		expect(
			howCommon(effect("a", [{ words: "rarely asked about" }, { words: "3.33 times the rate with tizanidine" }])),
		).toBe("uncounted");
		expect(howCommon(effect("a", []))).toBe("uncounted");
	});
	it("is as grave as its gravest sign", () => {
		const signs = [sign("v", "V"), sign("e", "E"), sign("d", "D")];
		expect(gravityOf(effect("a", [], ["v", "e"]), signs)).toBe("E");
		expect(gravityOf(effect("a", [], ["d", "v"]), signs)).toBe("D");
		expect(gravityOf(effect("a", [], ["gone"]), signs)).toBe("none");
		const all = [effect("a", []), effect("b", [], ["e"]), effect("c", [])];
		expect(
			grouped(all, GRAVITY, (one) => gravityOf(one, signs)).map(({ group, effects }) => [
				group,
				effects.map(({ id }) => id),
			]),
		).toEqual([
			["E", ["b"]],
			["none", ["a", "c"]],
		]);
	});
});

describe("sources", () => {
	const known = {
		sources: { "US-TAB": { title: "US label" }, D: { title: "Ours" } },
		evidence: { T: "official text seen" },
	};
	it("finds titles and how much was seen", () => {
		expect(cited(["US-TAB [T]", "D [X]", "GONE"], known)).toEqual([
			{ key: "US-TAB", title: "US label", seen: "official text seen" },
			{ key: "D", title: "Ours", seen: null },
			{ key: "GONE", title: "GONE", seen: null },
		]);
	});
	it.each([
		["10.1111/j.1742-6723.2006.00805.x", "https://doi.org/10.1111/j.1742-6723.2006.00805.x"],
		["10.1016/S2215-0366(18)30303-1", "https://doi.org/10.1016/S2215-0366(18)30303-1"],
		["PMID 17637210", "https://pubmed.ncbi.nlm.nih.gov/17637210/"],
		["nhs.uk/medicines/baclofen", "https://nhs.uk/medicines/baclofen"],
		["https://example.org/a", "https://example.org/a"],
		["DailyMed, setid b4f2f888", null],
		["ch.oddb.org, reg 36083, chapter kinetic", null],
		["CD001332", null],
		["accessmedicine", null],
		["javascript:alert(1)", null],
		["http://example.org", null],
		[null, null],
	])("links %s to %s", (address, to) => expect(link(address)).toBe(to));
});

describe("topics", () => {
	it("puts each text under one heading, and an unknown one under more", () => {
		expect(headingOf("driving")).toBe("driving");
		expect(headingOf("storage-ozobax")).toBe("storage");
		expect(headingOf("withdrawal-evidence")).toBe("clinicians");
		expect(headingOf("withdrawal-treatment")).toBe("clinicians");
		expect(headingOf("blood-levels")).toBe("clinicians");
		expect(headingOf("something-new")).toBe("more");
	});
	it("keeps the order of the heading", () => {
		const topics = ["supply", "withdrawal", "driving", "stopping"].map((id) => ({
			id,
			title: id,
			text: "",
			source: [],
		}));
		expect(under("stopping", topics).map(({ id }) => id)).toEqual(["stopping", "withdrawal", "supply"]);
	});
});
