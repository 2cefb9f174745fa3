// What a first visit asks while the app itself is still on its way: who this is, the records, and the packet of the first one. Whoever asks
// the same for the first time takes the answer; nothing of it is kept here.

import { packetPath } from "../packet/path";
import type { Packet } from "../packet/types";
import { LANGUAGES, languageFor } from "../words/languages";
import { ACCOUNT, ask, records, type Session, session } from "./ask";

const KEPT = "gradatim"; // the database of this device, as in kept/database.ts
const FRESH = 60_000; // milliseconds: where the app takes longer to come, it asks for itself
const answers = new Map<string, { asked: Promise<unknown>; at: number }>();

/** Ask now who this is and which records there are, and where nothing is kept that could be shown first, the packet too. */
export function askEarly(): void {
	void follow(remembered("session", session()), first()).catch(() => undefined);
}

/** What was asked early under a path, for one who asks it now; null where nothing was, or somebody has taken it. */
export function taken<T>(path: string): Promise<T> | null {
	const found = answers.get(path);
	answers.delete(path);
	return found !== undefined && performance.now() - found.at < FRESH ? (found.asked as Promise<T>) : null;
}

/** Nobody is to take what is still there. */
export function forgetEarly(): void {
	answers.clear();
}

/** The newest packet of a record, also one that this app may be too old to read. Raises `Problem` or `Unreachable`. */
export function askPacket(record: string, headers: Readonly<Record<string, string>> = {}): Promise<Packet> {
	return ask(packetPath(record), { headers, fits: ofAnyVersion });
}

async function follow(who: Promise<Session>, nothing: Promise<boolean>): Promise<void> {
	const language = languageFor("auto", navigator.languages); // as long as no other was chosen here
	void nothing.then((is) => (is ? words(language) : undefined)).catch(() => undefined);
	const { name, account } = await who;
	if (name === null) return;
	const whose: Record<string, string> = account === null ? {} : { [ACCOUNT]: account };
	const [found] = await remembered("records", records(whose));
	if (found === undefined || !(await nothing)) return;
	remembered(packetPath(found.id), askPacket(found.id, { ...whose, "Accept-Language": language }));
}

/** A chunk of the app: whoever wants it next has it, or tries again. */
async function words(language: string): Promise<void> {
	await LANGUAGES.find((one) => one.tag === language)?.words();
}

function remembered<T>(path: string, asked: Promise<T>): Promise<T> {
	asked.catch(() => undefined); // whoever takes it hears it
	answers.set(path, { asked, at: performance.now() });
	return asked;
}

/** Whether this device keeps nothing yet. A browser that cannot say so is asked nothing more. */
async function first(): Promise<boolean> {
	const known = await globalThis.indexedDB?.databases?.();
	return known?.every(({ name }) => name !== KEPT) ?? false;
}

function ofAnyVersion(found: unknown): boolean {
	const schema = (found as Partial<Packet> | null)?.schema;
	return typeof schema === "string" && schema.startsWith("gradatim/packet/");
}
