// The last answer to each question that was asked of the server, so that every screen is there without it.

import { instant } from "../packet/instant";
import { type Answer, database } from "./database";

/** The last answer, or null. */
export async function answer(path: string): Promise<Answer | null> {
	return (await (await database()).get("answers", path)) ?? null;
}

/** Keep an answer in place of the one before. */
export async function keepAnswer(path: string, data: unknown, at = new Date()): Promise<Answer> {
	const kept: Answer = { path, at: instant(at), data };
	await (await database()).put("answers", kept);
	return kept;
}

/** Forget every answer whose path begins so: of a record that is no longer this person's to see. */
export async function forget(beginning: string): Promise<void> {
	const kept = await database();
	await kept.delete("answers", IDBKeyRange.bound(beginning, `${beginning}￿`));
}
