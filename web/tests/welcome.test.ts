import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { labelOf } from "../src/screens/welcome/code";
import { english } from "../src/words/english";

describe("the first screen", () => {
	it("says what the program is for, word for word as everywhere else", () => {
		const file = new URL("../../src/gradatim/words/english/__init__.py", import.meta.url);
		const source = readFileSync(file, "utf8");
		const lines = /INTENDED_USE = \(\n([\s\S]*?)\n\)/.exec(source)?.[1] ?? "";
		const sentence = [...lines.matchAll(/"([^"]*)"/g)].map((one) => one[1]).join("");
		expect(sentence.length).toBeGreaterThan(100);
		expect(english["pieces.intended-use"]).toBe(sentence);
	});

	it("names the device as a person would", () => {
		expect(labelOf("Mozilla/5.0 (Linux; Android 15; Pixel)")).toBe("Android");
		expect(labelOf("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)")).toBe("iPhone");
		expect(labelOf("something else")).toBe("");
	});
});
