// A whole copy of a record into the outbox: all of it or nothing; and everything out of this device.

import { deleteDB } from "idb";
import type { Entry } from "../packet/types";
import { database, NAME } from "./database";

/** Keep entries to be sent, in one transaction. Those that are here already stay as they are. Gives how many were new here. */
export async function keepAll(record: string, entries: readonly Entry[]): Promise<number> {
	const change = (await database()).transaction("unheard", "readwrite", { durability: "strict" });
	let added = 0;
	for (const entry of entries) {
		if ((await change.store.getKey(entry.id)) !== undefined) continue;
		await change.store.put({ id: entry.id, record, entry, cursor: null, refused: null });
		added += 1;
	}
	await change.done;
	return added;
}

/** Delete what this device keeps: entries, answers, settings. There is no way back. */
export async function eraseAll(): Promise<void> {
	(await database()).close();
	await deleteDB(NAME);
}
