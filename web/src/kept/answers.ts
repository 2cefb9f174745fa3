// The last answer to each question that was asked of the server, so that every screen is there without it.

import { instant } from "../packet/instant";
import { type Answer, Unkept, within } from "./database";
import { forEverybody, lent } from "./lending";
import { holds } from "./owner";

/** What could not be kept, as long as the page is open. */
const held = new Map<string, Answer>();
const END = "\uffff";

/** The last answer, or null. */
export async function answer(path: string): Promise<Answer | null> {
	const mine = held.get(path);
	if (mine !== undefined) return mine;
	try {
		return await within(["answers", "settings"], "readonly", async (now) => {
			const found = (await now.objectStore("answers").get(path)) ?? null;
			return found === null || forEverybody(path) || (await holds(now)) ? found : null;
		});
	} catch (error) {
		if (error instanceof Unkept) return null;
		throw error;
	}
}

/** Keep an answer in place of the one before; where the device cannot, is lent, or is another account's by now, as long as the page is open. */
export async function keepAnswer(path: string, data: unknown, at = new Date()): Promise<Answer> {
	const given: Answer = { path, at: instant(at), data };
	if (lent() && !forEverybody(path)) {
		held.set(path, given);
		return given;
	}
	try {
		const theirs = await within(["answers", "settings"], "readwrite", async (now) => {
			if (!forEverybody(path) && !(await holds(now))) return true;
			await now.objectStore("answers").put(given);
			return false;
		});
		if (theirs) held.set(path, given);
		else held.delete(path);
	} catch {
		held.set(path, given);
	}
	return given;
}

/** Hold an answer for this page alone. */
export function hold(path: string, data: unknown, at = new Date()): void {
	held.set(path, { path, at: instant(at), data });
}

/** What is held for this page alone. */
export function onlyHeld(path: string): Answer | null {
	return held.get(path) ?? null;
}

/** What was held for this page alone is kept now. */
export function keptNow(path: string): void {
	held.delete(path);
}

/** Forget every answer whose path begins so: of a record that is no longer this person's to see. */
export async function forget(beginning: string): Promise<void> {
	for (const path of [...held.keys()]) if (path.startsWith(beginning)) held.delete(path);
	await change(async (answers) => answers.delete(IDBKeyRange.bound(beginning, `${beginning}${END}`)));
}

/** Forget what was answered to somebody else who used this device: all but what is the same for everybody, and what records have. */
export async function forgetAccount(): Promise<void> {
	await forgetWhere((path) => !/^(knowledge\/|records|session$)/.test(path));
}

/** Forget every answer but what is the same for everybody. */
export async function forgetAnswers(): Promise<void> {
	await forgetWhere((path) => !forEverybody(path));
}

/** Make room: forget what can be asked for again, but not who this is and what is to be taken. */
export async function makeRoom(): Promise<void> {
	await forgetWhere((path) => path !== "session" && path !== "records" && !/^records\/[^/]+\/packet$/.test(path));
}

async function forgetWhere(which: (path: string) => boolean): Promise<void> {
	for (const path of [...held.keys()]) if (which(path)) held.delete(path);
	await change(async (answers) => {
		for (const path of await answers.getAllKeys()) if (which(path)) await answers.delete(path);
	});
}

type Answers = { getAllKeys(): Promise<string[]>; delete(key: string | IDBKeyRange): Promise<void> };

async function change(work: (answers: Answers) => Promise<void>): Promise<void> {
	try {
		await within(["answers"], "readwrite", (now) => work(now.objectStore("answers")));
	} catch {
		// nothing is kept, so that there is nothing to forget
	}
}
