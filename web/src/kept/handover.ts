// Another account acts on this device: of the one before, nothing stays but what it wrote and the server does not have. That waits, marked as theirs.

import { forgetAnswers } from "./answers";
import { within } from "./database";
import { forEverybody } from "./lending";
import { OWNER } from "./owner";
import { forgetOfRecords, OF_RECORDS } from "./settings";

/** Whose entries are that an older version of the app kept for nobody knows whom: nobody sends them. */
const UNKNOWN = "unknown";

/** The server said which account acts here. `same`: where the device does not say whose what it keeps is, it is theirs. In one step, so that no
 * moment holds something of both. */
export async function handOver(to: string, same: boolean): Promise<void> {
	const other = await within(["settings"], "readonly", (now) => now.objectStore("settings").get(OWNER)).then(
		(found) => found !== to,
		() => false, // nothing is kept
	);
	if (!other) return;
	const forgotten = await within(["answers", "heard", "journals", "settings", "unheard"], "readwrite", async (now) => {
		const settings = now.objectStore("settings");
		const from = (await settings.get(OWNER)) as string | undefined;
		if (from === to) return false;
		await settings.put(to, OWNER);
		const stays = from === undefined && same;
		const waiting = now.objectStore("unheard");
		for (const one of await waiting.getAll()) {
			if (!stays && one.cursor !== null) await waiting.delete(one.id);
			else if (one.account === undefined) await waiting.put({ ...one, account: from ?? (same ? to : UNKNOWN) });
		}
		if (stays) return false;
		const answers = now.objectStore("answers");
		for (const path of await answers.getAllKeys()) if (!forEverybody(path)) await answers.delete(path);
		await now.objectStore("heard").clear();
		await now.objectStore("journals").clear();
		for (const name of await settings.getAllKeys()) if (OF_RECORDS.test(name)) await settings.delete(name);
		return true;
	});
	if (!forgotten) return;
	await forgetAnswers(); // and what only this page held
	await forgetOfRecords();
}
