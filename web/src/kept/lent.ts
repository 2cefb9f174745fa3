// Somebody is signed in on a device that is not theirs: nothing of a record is left on it but what was not sent yet.

import { forgetAnswers } from "./answers";
import { within } from "./database";
import { lend, lent } from "./lending";
import { actFor, OWNER } from "./owner";
import { forgetOfRecords, keepSetting, setting } from "./settings";

/** Whose session it may be, as far as it matters here. */
export interface Signed {
	mode: string;
	name: string | null;
	device: string | null;
}

const NAME = "lent";

/** Whether somebody is signed in, and this device is not theirs. */
export function borrowed(one: Signed | null): boolean {
	return one !== null && one.mode === "accounts" && one.name !== null && one.device === null;
}

/** As it was when the app was last open. */
export async function recallLent(): Promise<void> {
	lend(await setting<boolean>(NAME, false));
}

/** The server said who is signed in; `before`: who was known here until then. Forgets what is not to be on this device any more. */
export async function lentTo(now: Signed, before: Signed | null): Promise<void> {
	const was = lent() || borrowed(before);
	const is = borrowed(now);
	if (is && !lent()) {
		lend(true);
		await keepSetting(NAME, true);
		await forgetAnswers(); // what was kept for whose device it was
	} else if (!is && was) {
		if (now.name === null) await forgetLent();
		lend(false);
		await keepSetting(NAME, false);
	}
}

/** A session on a device of others is over. What the server has not acknowledged stays in the outbox. */
async function forgetLent(): Promise<void> {
	await forgetAnswers();
	await within(["unheard", "heard", "journals", "settings"], "readwrite", async (now) => {
		const waiting = now.objectStore("unheard");
		for (const one of await waiting.getAll()) if (one.cursor !== null) await waiting.delete(one.id);
		await now.objectStore("heard").clear();
		await now.objectStore("journals").clear();
		await now.objectStore("settings").delete(OWNER);
	}).catch(() => undefined); // nothing is kept, so that there is nothing to forget
	await forgetOfRecords();
	actFor(null); // what waits is theirs, and on a device of others it is shown to nobody else
}
