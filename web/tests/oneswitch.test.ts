import { expect, it } from "vitest";
import { following } from "../src/live/oneswitch";

it.each([
	[[true, true, true], 0, 1],
	[[true, true, true], 2, 0],
	[[true, false, false, true], 0, 3],
	[[false, true, false], 1, 1],
	[[false, true, false], -1, 1],
	[[false, false], 0, 0],
	[[], -1, -1],
])("goes on over what cannot be chosen: %j from %i", (may, at, next) => expect(following(may, at)).toBe(next));
