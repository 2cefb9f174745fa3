import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const folder = fileURLToPath(new URL("../src/words/english/", import.meta.url));

it("says each thing in one place: no key stands in two files", () => {
	const places = new Map<string, string[]>();
	for (const name of readdirSync(folder)) {
		for (const [, key = ""] of readFileSync(folder + name, "utf8").matchAll(/^\t"([a-z][\w.-]*)":/gm))
			places.set(key, [...(places.get(key) ?? []), name]);
	}
	expect(places.size).toBeGreaterThan(300);
	expect([...places].filter(([, names]) => names.length > 1)).toEqual([]);
});
