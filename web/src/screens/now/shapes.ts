// Each state of a dose has a shape beside its word.

import type { State } from "../../packet/types";

export const SHAPES: Readonly<Record<State, string>> = {
	before: "·",
	early: "◌",
	due: "◐",
	late: "◐",
	held: "▭",
	taken: "●",
	skipped: "–",
	unsure: "?",
	missed: "○",
};
