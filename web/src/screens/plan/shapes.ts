// The shape beside the word of a state: never colour alone, never the shape alone.
export const SHAPES: Readonly<Record<string, string>> = {
	taken: "●",
	due: "◐",
	late: "◐",
	missed: "○",
	skipped: "–",
	held: "▭",
	unsure: "?",
};
