// How the person wants the app to be on this device.

import { within } from "./database";
import { lent } from "./lending";
import { holds } from "./owner";

/** What says something of a record: it is the account's, and goes with it. */
export const OF_RECORDS = /^(draft |prefetched |record$)/;
/** On a lent device only held. */
const WRITTEN = /^draft /;

/** What could not be kept, as long as the page is open. */
const held = new Map<string, unknown>();

/** A setting, or what it is as long as nobody has set it. */
export async function setting<T>(name: string, unset: T): Promise<T> {
	if (held.has(name)) return held.get(name) as T;
	const found = await within(["settings"], "readonly", async (now) => {
		const kept = await now.objectStore("settings").get(name);
		return kept === undefined || !OF_RECORDS.test(name) || (await holds(now)) ? kept : undefined;
	}).catch(() => undefined);
	return found === undefined ? unset : (found as T);
}

/** Keep a setting; where the device cannot, is lent, or is another account's by now, as long as the page is open. */
export async function keepSetting(name: string, value: unknown): Promise<void> {
	if (lent() && WRITTEN.test(name)) {
		held.set(name, value);
		return;
	}
	try {
		const theirs = await within(["settings"], "readwrite", async (now) => {
			if (OF_RECORDS.test(name) && !(await holds(now))) return true;
			await now.objectStore("settings").put(value, name);
			return false;
		});
		if (theirs) held.set(name, value);
		else held.delete(name);
	} catch {
		held.set(name, value);
	}
}

/** Forget what says something of a record: drafts, what was fetched ahead, what was open. `but`: one that stays. */
export async function forgetOfRecords(but = ""): Promise<void> {
	const goes = (name: string): boolean => OF_RECORDS.test(name) && name !== but;
	for (const name of [...held.keys()]) if (goes(name)) held.delete(name);
	await within(["settings"], "readwrite", async (now) => {
		const rows = now.objectStore("settings");
		for (const name of await rows.getAllKeys()) if (goes(name)) await rows.delete(name);
	}).catch(() => undefined); // nothing is kept, so that there is nothing to forget
}
