import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { english } from "../src/words/english";

const folder = fileURLToPath(new URL("../src/words/english/", import.meta.url));
const areas = readdirSync(folder).filter((name) => name !== "index.ts");

it("says each key once: the last of two would be said in place of the other", async () => {
	const seen = new Map<string, string>();
	const twice: string[] = [];
	for (const area of areas) {
		const words: Record<string, Record<string, unknown>> = await import(`../src/words/english/${area}`);
		for (const key of Object.values(words).flatMap(Object.keys)) {
			if (seen.has(key)) twice.push(`${key}: ${seen.get(key)}, ${area}`);
			seen.set(key, area);
		}
	}
	expect(twice).toEqual([]);
	expect([...seen.keys()].sort()).toEqual(Object.keys(english).sort());
});
