// A whole copy of a record into the outbox: all of it or nothing; and everything out of this device.

import { deleteDB } from "idb";
import type { Entry } from "../packet/types";
import { database, NAME, type Unheard, within } from "./database";
import { owned } from "./unheard";

/** Keep entries to be sent, in one transaction; those that are here already stay as they are. Gives how many were new here. Raises where the
 * device cannot keep them: then none is kept. */
export function keepAll(record: string, entries: readonly Entry[]): Promise<number> {
	return within(["unheard", "heard"], "readwrite", async (now) => {
		const [waiting, copies] = [now.objectStore("unheard"), now.objectStore("heard")];
		const [mine, others] = await Promise.all([waiting.getAllKeys(), copies.getAllKeys()]);
		const there = new Set([...mine, ...others]);
		const fresh = entries.filter(({ id }) => !there.has(id));
		for (const entry of fresh)
			await waiting.put(owned({ id: entry.id, record, entry, cursor: null, refused: null } satisfies Unheard));
		return fresh.length;
	});
}

/** Delete what this device keeps: entries, answers, settings. There is no way back. */
export async function eraseAll(): Promise<void> {
	await database().then(
		(open) => open.close(),
		() => undefined, // it keeps nothing, so that nothing has to be closed
	);
	await deleteDB(NAME);
}
