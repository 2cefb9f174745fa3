// The outbox. An entry is in it before the screen says that it was recorded, and leaves it when a packet holds it.

import type { Entry } from "../packet/types";
import { makeRoom } from "./answers";
import { full, type Unheard, Unkept, within } from "./database";
import { ofMine, owner } from "./owner";

/** Milliseconds within which the same thing written twice is one tap that was counted twice. */
const ONE_TAP = 2000;
/** What the server has, and this device could not keep: until a packet holds it. */
let here: Unheard[] = [];

/** Keep an entry; it is on the disk of the device when this returns. Gives the one that is there already for a tap that was counted
 * twice. Raises where the device cannot keep it. */
export async function keep(one: Unheard): Promise<Unheard> {
	const mine = owned(one);
	try {
		return await added(mine);
	} catch (error) {
		if (!full(error)) throw error;
		await makeRoom();
		return added(mine);
	}
}

/** An entry of who acts here, marked as theirs. */
export function owned(one: Unheard): Unheard {
	const account = owner();
	return account === null ? one : { ...one, account };
}

/** Show an entry that the server has stored, and the device could not keep. */
export function hereOnly(one: Unheard): void {
	here.push(owned(one));
}

/** All of a record, or of every record, that who acts here wrote, in the order in which they were written. */
export async function unheard(record?: string): Promise<Unheard[]> {
	const mine = (await ofAnybody()).filter(ofMine);
	return record === undefined ? mine : mine.filter((one) => one.record === record);
}

/** All that waits on this device, also of another account that used it. */
export async function ofAnybody(): Promise<Unheard[]> {
	const kept = await within(["unheard"], "readonly", (now) => now.objectStore("unheard").getAll()).catch(nothing);
	return withHere(kept); // a UUIDv7 sorts by its time
}

/** What is kept, and what only this page knows, in order. */
export function withHere(kept: Unheard[]): Unheard[] {
	return here.length === 0 ? kept : [...kept, ...here].sort((one, other) => (one.id < other.id ? -1 : 1));
}

/** Note that the server has stored entries: its journal stood at the cursor by then, with this hash. */
export async function stored(ids: readonly string[], cursor: number, head: string): Promise<void> {
	await within(["unheard"], "readwrite", async (now) => {
		const rows = now.objectStore("unheard");
		for (const id of ids) {
			const found = await rows.get(id);
			if (found !== undefined) await rows.put({ ...found, cursor, head, refused: null });
		}
	});
}

/** Note why the server does not take an entry, or with null that it is to be sent again. */
export async function refused(id: string, faults: Unheard["refused"]): Promise<void> {
	await within(["unheard"], "readwrite", async (now) => {
		const found = await now.objectStore("unheard").get(id);
		if (found !== undefined && found.cursor === null)
			await now.objectStore("unheard").put({ ...found, refused: faults });
	});
}

/** A packet of everything up to a cursor has come: what only the page knew of it is no longer needed. */
export function heardHere(record: string, cursor: number): void {
	here = here.filter((one) => one.record !== record || one.cursor === null || one.cursor > cursor);
}

/** Give up an entry that the server refuses, once the person has read why. */
export async function drop(id: string): Promise<void> {
	await within(["unheard"], "readwrite", async (now) => {
		const found = await now.objectStore("unheard").get(id);
		if (found?.refused) await now.objectStore("unheard").delete(id);
	});
}

/** Forget the copies of what a record has: it is no longer this person's to see. What was not sent stays. */
export async function forgetHeard(record: string): Promise<void> {
	await within(["heard", "journals"], "readwrite", async (now) => {
		const copies = now.objectStore("heard");
		for (const one of await copies.getAll()) if (one.record === record) await copies.delete(one.id);
		await now.objectStore("journals").delete(record);
	}).catch(() => undefined);
}

function added(one: Unheard): Promise<Unheard> {
	return within(["unheard"], "readwrite", async (now) => {
		const rows = now.objectStore("unheard");
		const before = twice(one, await rows.getAll());
		if (before === undefined) await rows.add(one);
		return before ?? one;
	});
}

/** The entry that says the same already: of two tabs or two taps one. What was taken back meanwhile says nothing. */
function twice({ record, entry }: Unheard, all: readonly Unheard[]): Unheard | undefined {
	const mine = all.filter((one) => one.record === record && one.refused === null && ofMine(one));
	const gone = new Set(mine.flatMap(({ entry: { what } }) => (what.kind === "correction" ? [what.corrects] : [])));
	const same = (other: Entry): boolean =>
		JSON.stringify(other.what) === JSON.stringify(entry.what) &&
		("dose" in entry.what || Math.abs(Date.parse(other.recorded) - Date.parse(entry.recorded)) <= ONE_TAP);
	return mine.findLast((one) => !gone.has(one.id) && same(one.entry));
}

function nothing(error: unknown): Unheard[] {
	if (error instanceof Unkept) return [];
	throw error;
}
