// How the person wants the app to be on this device.

import { within } from "./database";

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

/** Keep a setting; where the device cannot, as long as the page is open. */
export async function keepSetting(name: string, value: unknown): Promise<void> {
	try {
		await within(["settings"], "readwrite", (now) => now.objectStore("settings").put(value, name));
		held.delete(name);
	} catch {
		held.set(name, value);
	}
}
