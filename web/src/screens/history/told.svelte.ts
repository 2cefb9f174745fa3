// What was written down a moment ago, so that the list can say it and offer to take it back.

import type { Unheard } from "../../kept/database";
import type { What } from "../../packet/types";

/** New entries; a correction, which is undone by another; or a refused entry that was given up. */
export type Told =
	| { kind: "written"; text: string; entries: string[] }
	| { kind: "corrected"; text: string; of: string; was: What; at: string; back: boolean }
	| { kind: "given-up"; text: string; entry: Unheard };

class Last {
	now = $state.raw<Told | null>(null);
}

export const last = new Last();
