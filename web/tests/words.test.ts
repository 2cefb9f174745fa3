import { expect, it } from "vitest";
import { english } from "../src/words/english";

const areas = import.meta.glob<Record<string, object>>(["../src/words/english/*.ts", "!**/index.ts"], { eager: true });

it("says each key once: the last of two would be said in place of the other", () => {
	const seen = new Map<string, string>();
	const twice: string[] = [];
	for (const [area, words] of Object.entries(areas)) {
		for (const key of Object.values(words).flatMap(Object.keys)) {
			if (seen.has(key)) twice.push(`${key}: ${seen.get(key)}, ${area}`);
			seen.set(key, area);
		}
	}
	expect(twice).toEqual([]);
	expect([...seen.keys()].sort()).toEqual(Object.keys(english).sort());
});
