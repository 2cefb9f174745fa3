// How the person wants the app to be on this device.

import { database } from "./database";

/** A setting, or what it is as long as nobody has set it. */
export async function setting<T>(name: string, unset: T): Promise<T> {
	const found = await (await database()).get("settings", name);
	return found === undefined ? unset : (found as T);
}

/** Keep a setting. */
export async function keepSetting(name: string, value: unknown): Promise<void> {
	await (await database()).put("settings", value, name);
}
