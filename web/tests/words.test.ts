import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { english } from "../src/words/english";

const folder = fileURLToPath(new URL("../src/words/english/", import.meta.url));

it("gives each key in one file only: of two the later would be said everywhere", () => {
	const keys = readdirSync(folder)
		.filter((name) => name !== "index.ts")
		.flatMap((name) =>
			[...readFileSync(folder + name, "utf8").matchAll(/^\t"([a-z-]+\.[^"]+)":/gm)].map(([, key]) => key),
		);
	expect(keys.filter((key, place) => keys.indexOf(key) !== place)).toEqual([]);
	expect(keys.toSorted()).toEqual(Object.keys(english).toSorted());
});
