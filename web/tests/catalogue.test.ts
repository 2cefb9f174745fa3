import { describe, expect, it } from "vitest";
import { translations } from "../catalogue";
import { amount, decimal, speak, t } from "../src/words";
import { english } from "../src/words/english";
import { LANGUAGES } from "../src/words/languages";

const others = LANGUAGES.filter(({ tag }) => tag !== "en");
const places = (said: string): string[] => [...said.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? "").sort();

describe.each(others)("$name", ({ tag, words }) => {
	const found = translations(tag);

	it("says everything that the app says, made from the English of today", () => {
		const lacking = Object.entries(english).filter(([key, text]) => {
			const one = found.get(key);
			return one === undefined || JSON.stringify(one.english) !== JSON.stringify(text);
		});
		expect(lacking.map(([key]) => key)).toEqual([]);
	});

	it("says nothing that the app does not", () => {
		expect([...found.keys()].filter((key) => !(key in english))).toEqual([]);
	});

	it("fills the same places", () => {
		const other: string[] = [];
		for (const [key, { english: from, said }] of found) {
			if (typeof said === "string") {
				if (String(places(String(from))) !== String(places(said))) other.push(key);
				continue;
			}
			const wanted = places((from as { other: string }).other);
			if (String(places(said.other ?? "")) !== String(wanted)) other.push(key);
			if (places(said.one ?? "").some((name) => !wanted.includes(name))) other.push(`${key} (one)`);
		}
		expect(other).toEqual([]);
	});

	it("is what the built module says", async () => {
		const made = await words();
		expect(Object.keys(made).length).toBe(found.size);
		speak(tag, made);
		expect(t("now.title")).toBe(found.get("now.title")?.said);
		expect(t("now.title")).not.toBe(english["now.title"]);
		speak("en", {});
	});
});

describe("amounts", () => {
	it("have the decimal sign of the language, and nothing else has", () => {
		speak("de", { "more.version": "Fassung {version}", "pieces.recorded": "Notiert: {text}", "stairs.mg": "{mg} mg" });
		expect([62.5, 125, 0].map(decimal)).toEqual(["62,5", "125", "0"]);
		expect(amount("12.5 mg: 1¼ Tabletten zu 10 mg, 2.5 mL von 1 mg/mL")).toBe(
			"12,5 mg: 1¼ Tabletten zu 10 mg, 2,5 mL von 1 mg/mL",
		);
		expect(t("stairs.mg", { mg: 7.5 })).toBe("7,5 mg");
		expect(t("more.version", { version: "0.1.0" })).toBe("Fassung 0.1.0");
		expect(t("pieces.recorded", { text: "1. Dez." })).toBe("Notiert: 1. Dez.");
		expect(t("pieces.recorded", { text: "wait ..." })).toBe("Notiert: wait ...");
		expect(t("pieces.recorded", { text: "12.5 mg" })).toBe("Notiert: 12,5 mg");
		expect(t("pieces.recorded", { text: "I took 12.5 mg.. twice" })).toBe("Notiert: I took 12.5 mg.. twice");
		speak("de", { "pieces.recorded": "Notiert am {text}." });
		expect(t("pieces.recorded", { text: "1. Dez." })).toBe("Notiert am 1. Dez.");
		expect(t("pieces.recorded", { text: "1. Mai" })).toBe("Notiert am 1. Mai.");
		speak("en", {});
		expect(amount("12.5 mg")).toBe("12.5 mg");
		expect(decimal(62.5)).toBe("62.5");
	});
});
