// A copy of a record as a file, as `gradatim export --plain` writes it: the program's own `gradatim import` reads it.

import type { Entry, What } from "../../packet/types";
import type { Fault } from "../../server/problem";
import { t } from "../../words";

export const COPY = "gradatim/export/1";
export const ENTRY = "gradatim/entry/1";
const JOURNAL = "gradatim/journal/1";
const ACCOUNT = "gradatim/account/1";
const KINDS: Readonly<Record<What["kind"], true>> = {
	"check-in": true,
	correction: true,
	"dose-skipped": true,
	"dose-taken": true,
	"dose-unsure": true,
	event: true,
	"extra-dose": true,
	goal: true,
	measured: true,
	note: true,
	"other-taken": true,
	person: true,
	"plan-approved": true,
	"plan-superseded": true,
	preference: true,
	"review-answered": true,
	stock: true,
	symptom: true,
	trip: true,
	"watch-answered": true,
};
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export interface Copy {
	schema: string;
	entry_schema: string;
	person: string;
	count: number;
	sha256: string;
	entries: readonly Entry[];
}

/** What a file holds; with faults there are no entries: a copy is read whole or not at all. */
export interface Read {
	person: string | null;
	entries: readonly Entry[];
	faults: readonly Fault[];
}

/** The copy of entries of one person, as text. Entries that are there twice are written once. */
export async function copyOf(entries: readonly Entry[]): Promise<string> {
	const once = [...new Map(entries.map((one) => [one.id, one])).values()];
	const people = new Set(once.map(({ person }) => person));
	const [person] = people;
	if (person === undefined || people.size > 1) throw new RangeError("a copy is of one person's entries");
	const copy: Copy = {
		schema: COPY,
		entry_schema: ENTRY,
		person,
		count: once.length,
		sha256: await digest(canonical(once)),
		entries: once,
	};
	return `${JSON.stringify(copy, null, 1)}\n`;
}

/** JSON in its one spelling: keys in order, no spaces. */
export function canonical(data: unknown): string {
	if (Array.isArray(data)) return `[${data.map(canonical).join(",")}]`;
	if (typeof data !== "object" || data === null) return JSON.stringify(data);
	const fields = Object.entries(data).sort(([one], [other]) => (one < other ? -1 : 1));
	return `{${fields.map(([name, value]) => `${JSON.stringify(name)}:${canonical(value)}`).join(",")}}`;
}

/** SHA-256 of a text, in hexadecimal. */
export async function digest(text: string): Promise<string> {
	const bits = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
	return [...bits].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Read a copy, a journal, or one record out of the copy of an account. `person`: whose record it is to go into, where that is known. */
export async function readCopy(text: string, person: string | null): Promise<Read> {
	if (text.startsWith("age-encryption.org/") || text.startsWith("-----BEGIN AGE")) return fault("sealed");
	if (text.slice(0, 400).split("\n")[0]?.includes(JOURNAL)) return whole(await ofJournal(text), person);
	let data: unknown;
	try {
		data = JSON.parse(text);
	} catch {
		return fault("no-copy");
	}
	if (!isObject(data)) return fault("no-copy");
	if (data.schema === ACCOUNT) {
		const records = Object.values(isObject(data.records) ? data.records : {}).filter(isObject);
		const mine = records.find((one) => one.person === person) ?? (records.length === 1 ? records[0] : undefined);
		if (mine === undefined) return fault("which");
		data = mine;
	}
	return whole(await ofCopy(data as Record<string, unknown>), person);
}

async function ofCopy(copy: Record<string, unknown>): Promise<Read> {
	if (copy.schema !== COPY) {
		const newer = typeof copy.schema === "string" && copy.schema.startsWith("gradatim/export/");
		return fault(newer ? "newer" : "no-copy");
	}
	if (copy.entry_schema !== ENTRY) return fault("newer");
	const entries: unknown = copy.entries;
	if (!Array.isArray(entries)) return fault("no-copy");
	if (copy.sha256 !== (await digest(canonical(entries)))) return fault("changed");
	if (copy.count !== entries.length) return fault("changed");
	return { person: typeof copy.person === "string" ? copy.person : null, entries: entries as Entry[], faults: [] };
}

/** The entries of every line, where no line was changed and each follows the one before. */
async function ofJournal(text: string): Promise<Read> {
	const entries: Entry[] = [];
	let person: string | null = null;
	let before = "0".repeat(64);
	for (const [place, line] of text.split("\n").entries()) {
		if (line === "") continue;
		const sealed = /^(.*),"hash":"([0-9a-f]{64})"\}$/.exec(line);
		const body = `${sealed?.[1] ?? ""}}`;
		if (sealed === null || sealed[2] !== (await digest(body))) return fault("line", place + 1);
		const data = JSON.parse(body) as { after?: string; person?: string; schema?: string; entries?: Entry[] };
		if (data.after !== before) return fault("line", place + 1);
		before = sealed[2] ?? "";
		if (data.schema === JOURNAL) person = data.person ?? null;
		else if (data.schema === ENTRY) entries.push(...(data.entries ?? []));
		else return fault("newer");
	}
	return { person, entries, faults: [] };
}

/** What was read, with everything that is wrong with its entries. */
function whole(read: Read, into: string | null): Read {
	if (read.faults.length > 0) return read;
	const faults = read.entries.flatMap((one, place) => wrong(one, `entries[${place}]`));
	if (read.entries.length === 0) return fault("empty");
	if (faults.length > 0) return { ...read, entries: [], faults };
	const people = new Set(read.entries.map(({ person }) => person));
	const [person] = people;
	if (people.size > 1 || person === undefined || (read.person !== null && read.person !== person))
		return fault("people");
	if (into !== null && into !== person) return fault("another");
	return { ...read, person };
}

function wrong(one: Entry, path: string): Fault[] {
	if (!isObject(one) || !isObject(one.what)) return [said("no-entry", path)];
	const texts = [one.person, one.author, one.device, one.zone];
	if (!UUID.test(String(one.id)) || texts.some((text) => typeof text !== "string" || text === "")) {
		return [said("no-entry", path)];
	}
	if (!INSTANT.test(String(one.at)) || !INSTANT.test(String(one.recorded)) || one.recorded < one.at) {
		return [said("time", path)];
	}
	return Object.hasOwn(KINDS, String(one.what.kind)) ? [] : [said("newer", path)];
}

type Why =
	| "sealed"
	| "no-copy"
	| "newer"
	| "changed"
	| "line"
	| "which"
	| "empty"
	| "people"
	| "another"
	| "no-entry"
	| "time";

function said(why: Why, path: string): Fault {
	return { path, problem: t(`settings.fault-${why}`), remedy: t(`settings.remedy-${why}`) };
}

function fault(why: Why, line?: number): Read {
	return { person: null, entries: [], faults: [said(why, line === undefined ? "" : t("settings.line", { line }))] };
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
