import { expect, it } from "vitest";
import { untouched } from "../src/screens/welcome/untouched";

const EMPTY = { entries: 0 };
const nobody = { person: { id: null } } as unknown as Parameters<typeof untouched>[2];
const somebody = { person: { id: "p" } } as unknown as Parameters<typeof untouched>[2];

it.each([
	["nothing at all", EMPTY, [], null, true],
	["a packet of nobody", EMPTY, [], nobody, true],
	["an entry on the server", { entries: 1 }, [], nobody, false],
	["an entry that is still here", EMPTY, [{ id: "a" }], nobody, false],
	["somebody in the packet", EMPTY, [], somebody, false],
	["a record that is gone", null, [], null, false],
] as const)("is described first only where there is nothing: %s", (_, open, waiting, packet, first) =>
	expect(untouched(open, waiting, packet)).toBe(first),
);
