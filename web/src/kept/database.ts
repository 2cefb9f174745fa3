// What the device keeps: entries that the server may not have, copies of those that it has, the last answers, and how the person wants the
// app to be.

import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB } from "idb";
import type { Entry } from "../packet/types";
import type { Fault } from "../server/problem";

/** An entry that the packet does not hold yet. */
export interface Unheard {
	id: string;
	record: string;
	entry: Entry;
	/** Where the server's journal stood when it had acknowledged the entry; null: not sent, or not known to have arrived. */
	cursor: number | null;
	/** The hash of the journal's chain there. */
	head?: string;
	/** Why the server does not take it. It stays here until the person has dealt with it. */
	refused: Fault[] | null;
	/** The account that wrote it: nobody else sends it. */
	account?: string;
}

/** A copy of an entry that a packet held: should the server lose it, by an old backup, it is sent once more. */
export interface Heard {
	id: string;
	record: string;
	entry: Entry;
}

/** How far the server's journal of a record was known here, and the hash of its chain there. */
export interface Known {
	record: string;
	cursor: number;
	head: string;
}

/** An answer of the server, as it was at an instant. */
export interface Answer {
	path: string;
	at: string;
	data: unknown;
}

export interface Tables extends DBSchema {
	unheard: { key: string; value: Unheard };
	heard: { key: string; value: Heard };
	journals: { key: string; value: Known };
	answers: { key: string; value: Answer };
	settings: { key: string; value: unknown };
}

export type Table = "unheard" | "heard" | "journals" | "answers" | "settings";
export type Change<T extends Table, M extends IDBTransactionMode> = IDBPTransaction<Tables, T[], M>;

/** The device keeps nothing: a private window, storage switched off or broken. */
export class Unkept extends Error {
	constructor(cause: unknown) {
		super("this device keeps nothing", { cause });
		this.name = "Unkept";
	}
}

export const NAME = "gradatim";
const VERSION = 1;
let opened: Promise<IDBPDatabase<Tables>> | null = null;

/** Do something with some tables, whole or not at all. What was changed is on the disk when this returns. Raises `Unkept` where there are none. */
export async function within<T extends Table, M extends "readonly" | "readwrite", R>(
	tables: T[],
	mode: M,
	work: (change: Change<T, M>) => Promise<R>,
): Promise<R> {
	const change = await begun(tables, mode);
	change.done.catch(() => undefined); // whoever asks for it below hears it; nobody else has to
	try {
		const [found] = await Promise.all([work(change), change.done]);
		return found;
	} catch (error) {
		try {
			change.abort();
		} catch {
			// it is over already
		}
		throw error;
	}
}

/** Whether there is no more room on the device. */
export function full(error: unknown): boolean {
	return error instanceof Error && error.name === "QuotaExceededError";
}

/** Whether this device keeps anything at all. */
export async function keeps(): Promise<boolean> {
	return database().then(
		() => true,
		() => false,
	);
}

async function begun<T extends Table, M extends "readonly" | "readwrite">(tables: T[], mode: M): Promise<Change<T, M>> {
	const kept = await database();
	try {
		return kept.transaction(tables, mode, { durability: "strict" });
	} catch {
		opened = null; // a phone that slept has lost the connection
		return (await database()).transaction(tables, mode, { durability: "strict" });
	}
}

/** The database of this device, opened once. Raises `Unkept`. */
export function database(): Promise<IDBPDatabase<Tables>> {
	opened ??= open(VERSION).catch((error: unknown) => {
		opened = null;
		throw new Unkept(error);
	});
	return opened;
}

/** The database of this device. A newer version of the app adds tables and empties none, so that an older one can still use it. */
async function open(version: number | undefined): Promise<IDBPDatabase<Tables>> {
	try {
		return await openDB<Tables>(NAME, version, {
			upgrade(made) {
				made.createObjectStore("unheard", { keyPath: "id" });
				made.createObjectStore("heard", { keyPath: "id" });
				made.createObjectStore("journals", { keyPath: "record" });
				made.createObjectStore("answers", { keyPath: "path" });
				made.createObjectStore("settings");
			},
			blocking(_now, _next, event) {
				(event.target as IDBDatabase).close(); // a newer version of the app in another tab
				opened = null;
			},
			terminated() {
				opened = null;
			},
		});
	} catch (error) {
		if (version !== undefined && error instanceof Error && error.name === "VersionError") return open(undefined);
		throw error;
	}
}
