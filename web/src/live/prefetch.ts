// What every screen shows, fetched once in a quiet moment, so that each of them is there when the server is not.

import { answer, keepAnswer } from "../kept/answers";
import { owner } from "../kept/owner";
import { keepSetting, setting } from "../kept/settings";
import { instant, plus } from "../packet/instant";
import { ask, passing, type Schemas } from "../server/ask";
import { fetchPacket } from "../server/packet";
import { spoken } from "../words";

const AGAIN = 3600; // seconds
const JUST_NOW = 60; // seconds
const LONGEST_PAST = 400 * 86_400; // seconds: as far back as the plan is drawn
const KNOWLEDGE = ["monograph", "danger-signs", "protocols", "products", "scales"];
/** What the screens ask at first, letter for letter as they ask it: another spelling would be kept and never found. */
const RECORD = ["plan", "stock", "watch", "insight?days=84", "levels?days=7", "history?limit=50"];
const PEOPLE = ["people", "invitations", "access"];

/** Whose device this is, and what is open on it. */
export interface Asker {
	record: string | null;
	/** Every record that may be seen. */
	records: readonly string[];
	/** What may be done with the open one. */
	scopes: readonly string[];
	/** What this device may do. */
	own: readonly string[];
}

/** The questions of every screen, for who may ask them. */
export function questions({ record, scopes, own }: Asker): string[] {
	const of = (names: readonly string[]): string[] => names.map((name) => `records/${record}/${name}`);
	return [
		...KNOWLEDGE.map((name) => `knowledge/${name}`),
		...(record !== null && scopes.includes("read") ? of(RECORD) : []),
		...(record !== null && scopes.includes("share") ? of(PEOPLE) : []),
		...(own.includes("account") ? ["account", "devices"] : []),
	];
}

/** What the plan's screen asks once it knows the plan: its days as planned, and as they are to be taken. */
export function calendars(record: string, plan: Schemas["FollowedOut"], today: string): string[] {
	const [first] = plan.document.course.versions.map((one) => one.start).sort();
	const earliest = plus(`${today}T00:00:00Z`, -LONGEST_PAST).slice(0, 10);
	const from = first === undefined || first < earliest ? earliest : first;
	return ["planned", "to-take"].map((mode) => `records/${record}/calendar?format=json&mode=${mode}&first=${from}`);
}

let busy = false;

/** Ask all of them and keep the answers; at most once an hour for each record. Raises nothing. */
export async function prefetch(asker: Asker): Promise<void> {
	if (busy) return;
	busy = true;
	try {
		const name = `prefetched ${asker.record ?? "nothing"} ${spoken()}`;
		const now = instant(new Date());
		const whose = owner();
		const before = await setting<string>(name, "");
		if (before !== "" && before <= now && now < plus(before, AGAIN)) return;
		if ((await everything(asker, now)) && owner() === whose) await keepSetting(name, now);
	} catch {
		// the device cannot keep it now: a screen asks for itself
	} finally {
		busy = false;
	}
}

/** Whether all of it was asked for; false where the server is not there any more: the rest comes another time. */
async function everything(asker: Asker, now: string): Promise<boolean> {
	const { record, records } = asker;
	for (const path of questions(asker)) {
		await quiet();
		if (!(await tried(() => fetched(path, now)))) return false;
		if (record === null || path !== `records/${record}/plan`) continue;
		const plan = (await answer(path))?.data as Schemas["FollowedOut"] | undefined;
		for (const more of plan === undefined ? [] : calendars(record, plan, now.slice(0, 10))) {
			if (!(await tried(() => fetched(more, now)))) return false;
		}
	}
	for (const other of records.filter((one) => one !== record)) {
		await quiet();
		if (!(await tried(() => fetchPacket(other)))) return false; // so that it can be opened without the server too
	}
	return true;
}

/** What is not allowed, or not there, is no reason to ask again at once. */
async function tried(what: () => Promise<unknown>): Promise<boolean> {
	try {
		await what();
		return true;
	} catch (error) {
		return !passing(error);
	}
}

/** What a screen asked just now is not asked for again. */
async function fetched(path: string, begun: string): Promise<void> {
	const kept = await answer(path);
	const fresh = kept !== null && plus(begun, -JUST_NOW) <= kept.at && kept.at <= instant(new Date());
	if (!fresh) await keepAnswer(path, await ask(path));
}

function quiet(): Promise<void> {
	return new Promise((then) => {
		if ("requestIdleCallback" in globalThis) requestIdleCallback(() => then(), { timeout: 2000 });
		else setTimeout(then, 200);
	});
}
