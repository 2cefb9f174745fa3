// Where the device cannot keep an entry, the server must: at once, or it is not written down.

import type { Unheard } from "../kept/database";
import { hereOnly } from "../kept/unheard";
import { told } from "../server/push";

/** What may have arrived without being answered: the same thing written again is the same entry. */
let doubtful: Unheard | null = null;

/** Send an entry now. Raises where the server did not acknowledge it. */
export async function atOnce(one: Unheard): Promise<Unheard> {
	const mine = doubtful?.record === one.record && same(doubtful, one) ? doubtful : one;
	doubtful = mine;
	const { cursor } = await told(mine.record, [mine]);
	doubtful = null;
	const stored = { ...mine, cursor };
	hereOnly(stored);
	return stored;
}

function same(one: Unheard, other: Unheard): boolean {
	return JSON.stringify(one.entry.what) === JSON.stringify(other.entry.what);
}
