// How the person wants the app to be on this device.

import { within } from "./database";
import { lent } from "./lending";

/** What says something of a record: on a lent device only held. */
const OF_RECORDS = /^draft /;

/** What could not be kept, as long as the page is open. */
const held = new Map<string, unknown>();

/** A setting, or what it is as long as nobody has set it. */
export async function setting<T>(name: string, unset: T): Promise<T> {
	if (held.has(name)) return held.get(name) as T;
	const found = await within(["settings"], "readonly", (now) => now.objectStore("settings").get(name)).catch(
		() => undefined,
	);
	return found === undefined ? unset : (found as T);
}

/** Keep a setting; where the device cannot, or is lent, as long as the page is open. */
export async function keepSetting(name: string, value: unknown): Promise<void> {
	if (lent() && OF_RECORDS.test(name)) {
		held.set(name, value);
		return;
	}
	try {
		await within(["settings"], "readwrite", (now) => now.objectStore("settings").put(value, name));
		held.delete(name);
	} catch {
		held.set(name, value);
	}
}
