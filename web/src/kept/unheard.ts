// The outbox. An entry is in it before the screen says that it was recorded, and leaves it when a packet holds it.

import { database, type Unheard } from "./database";

/** Keep an entry; it is on the disk of the device when this returns. Raises where the device cannot keep it. */
export async function keep(one: Unheard): Promise<void> {
	const kept = await database();
	const change = kept.transaction("unheard", "readwrite", { durability: "strict" });
	await Promise.all([change.store.add(one), change.done]);
}

/** All of a record, or of every record, in the order in which they were written. */
export async function unheard(record?: string): Promise<Unheard[]> {
	const all = await (await database()).getAll("unheard"); // a UUIDv7 sorts by its time
	return record === undefined ? all : all.filter((one) => one.record === record);
}

/** Note that the server has stored entries: its journal stood at the cursor by then. */
export async function stored(ids: readonly string[], cursor: number): Promise<void> {
	await change(ids, (one) => ({ ...one, cursor, refused: null }));
}

/** Note why the server does not take an entry. */
export async function refused(id: string, faults: Unheard["refused"]): Promise<void> {
	await change([id], (one) => ({ ...one, refused: faults }));
}

/** A packet built on everything up to a cursor holds these: they are no longer needed here. */
export async function heard(record: string, cursor: number): Promise<void> {
	const kept = await database();
	const change = kept.transaction("unheard", "readwrite");
	for (const one of await change.store.getAll()) {
		if (one.record === record && one.cursor !== null && one.cursor <= cursor) await change.store.delete(one.id);
	}
	await change.done;
}

/** Give up an entry that the server refuses, once the person has read why. */
export async function drop(id: string): Promise<void> {
	const kept = await database();
	const change = kept.transaction("unheard", "readwrite");
	const found = await change.store.get(id);
	if (found?.refused) await change.store.delete(id);
	await change.done;
}

async function change(ids: readonly string[], how: (one: Unheard) => Unheard): Promise<void> {
	const kept = await database();
	const change = kept.transaction("unheard", "readwrite", { durability: "strict" });
	for (const id of ids) {
		const found = await change.store.get(id);
		if (found !== undefined) await change.store.put(how(found));
	}
	await change.done;
}
