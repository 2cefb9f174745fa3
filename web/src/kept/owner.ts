// Whose account what is kept belongs to. One account at a time: a page that acts for another reads and keeps nothing, also while it has not
// heard yet that somebody else signed in.

import type { Change, Table, Unheard } from "./database";
import { within } from "./database";

/** Under which the settings keep it. */
export const OWNER = "owner";
let mine: string | null = null;

/** The account for which this page acts; null: not known yet. */
export function owner(): string | null {
	return mine;
}

/** From now on this page acts for an account. */
export function actFor(account: string | null): void {
	mine = account;
}

/** Whether an entry was written by who acts here. What an older version of the app kept says nothing: it is theirs who used it, until somebody
 * else does. */
export function ofMine(one: Pick<Unheard, "account">): boolean {
	return one.account === undefined || one.account === mine;
}

/** Within a change of the settings: whether what lies on the device belongs to who acts here. */
export async function holds<T extends Table, M extends "readonly" | "readwrite">(
	now: Change<"settings" | T, M>,
): Promise<boolean> {
	const rows = now.objectStore("settings" as "settings" | T) as unknown as { get(key: string): Promise<unknown> };
	return ((await rows.get(OWNER)) ?? null) === mine;
}

/** As it was when the app was last open. */
export async function recallOwner(): Promise<void> {
	mine = await kept().catch(() => null);
}

/** Whether another tab has handed the device to another account meanwhile. */
export async function handedOn(): Promise<boolean> {
	const now = await kept().catch(() => mine);
	return now !== null && mine !== null && now !== mine;
}

async function kept(): Promise<string | null> {
	const found = await within(["settings"], "readonly", (now) => now.objectStore("settings").get(OWNER));
	return (found as string | undefined) ?? null;
}
