import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const folder = fileURLToPath(new URL("../src/words/english/", import.meta.url));
const keys = readdirSync(folder).flatMap((name) =>
	[...readFileSync(folder + name, "utf8").matchAll(/^\t"([a-z-]+\.[^"]+)":/gm)].map(([, key]) => key),
);

it("gives every message once: of two with one key the later would be said in place of the other", () => {
	expect(keys.length).toBeGreaterThan(300);
	expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
});
