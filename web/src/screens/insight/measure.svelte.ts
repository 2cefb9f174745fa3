// How large a chart may be drawn: as wide as its place, with letters as large as the person wants them.

import { looks } from "../../live/looks.svelte";

/** Pixels of one sixteenth of the root's letters: 1 as usual, more with large text. */
export function unit(width: number): number {
	void looks.now.text;
	return width > 0 ? Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16 : 1;
}
