// What every screen shows, fetched once in a quiet moment, so that each of them is there when the server is not.

import { answer, keepAnswer } from "../kept/answers";
import { keepSetting, setting } from "../kept/settings";
import { instant, plus } from "../packet/instant";
import { ask, passing } from "../server/ask";

const AGAIN = 3600; // seconds
const KNOWLEDGE = ["monograph", "danger-signs", "protocols", "products", "scales"].map((name) => `knowledge/${name}`);
/** What the screens ask of a record, as they ask it. */
const RECORD = ["history", "insight", "stock", "plan", "watch"];
const PEOPLE = ["people", "invitations", "access"];

/** The questions of every screen about a record, for who may ask them. */
export function questions(record: string | null, scopes: readonly string[], own: readonly string[]): string[] {
	const of = (names: readonly string[]): string[] => names.map((name) => `records/${record}/${name}`);
	return [
		...KNOWLEDGE,
		...(record !== null && scopes.includes("read") ? of(RECORD) : []),
		...(record !== null && scopes.includes("share") ? of(PEOPLE) : []),
		...(own.includes("account") ? ["account", "devices"] : []),
	];
}

let busy = false;

/** Ask all of them and keep the answers; at most once an hour for each record. Raises nothing. */
export async function prefetch(
	record: string | null,
	scopes: readonly string[],
	own: readonly string[],
): Promise<void> {
	if (busy) return;
	busy = true;
	try {
		const name = `prefetched ${record ?? "nothing"}`;
		const now = instant(new Date());
		const before = await setting<string>(name, "");
		if (before !== "" && before <= now && now < plus(before, AGAIN)) return;
		let all = true;
		for (const path of questions(record, scopes, own)) {
			await quiet();
			all = (await fetched(path, now)) && all;
		}
		if (all) await keepSetting(name, now);
	} catch {
		// the device cannot keep it now: a screen asks for itself
	} finally {
		busy = false;
	}
}

/** False where the server is not there any more: the rest comes another time. A screen that asked meanwhile is not asked for again. */
async function fetched(path: string, since: string): Promise<boolean> {
	const kept = await answer(path);
	if (kept !== null && since <= kept.at) return true;
	try {
		await keepAnswer(path, await ask(path));
		return true;
	} catch (error) {
		return !passing(error); // what is not allowed, or not there yet, is no reason to ask again at once
	}
}

function quiet(): Promise<void> {
	return new Promise((then) => {
		if ("requestIdleCallback" in globalThis) requestIdleCallback(() => then(), { timeout: 2000 });
		else setTimeout(then, 200);
	});
}
