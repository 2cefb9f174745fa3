// What the device keeps: entries that the server may not have, the last answers, and how the person wants the app to be.

import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { Entry } from "../packet/types";
import type { Fault } from "../server/problem";

/** An entry that the packet does not hold yet. */
export interface Unheard {
	id: string;
	record: string;
	entry: Entry;
	/** Where the server's journal stood when it had acknowledged the entry; null: not sent, or not known to have arrived. */
	cursor: number | null;
	/** Why the server does not take it. It stays here until the person has dealt with it. */
	refused: Fault[] | null;
}

/** An answer of the server, as it was at an instant. */
export interface Answer {
	path: string;
	at: string;
	data: unknown;
}

interface Tables extends DBSchema {
	unheard: { key: string; value: Unheard };
	answers: { key: string; value: Answer };
	settings: { key: string; value: unknown };
}

export const NAME = "gradatim";
let opened: Promise<IDBPDatabase<Tables>> | null = null;

/** The database of this device. A newer version of the app adds tables and empties none. */
export function database(): Promise<IDBPDatabase<Tables>> {
	opened ??= openDB<Tables>(NAME, 1, {
		upgrade(made) {
			made.createObjectStore("unheard", { keyPath: "id" });
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
	}).catch((error: unknown) => {
		opened = null;
		throw error;
	});
	return opened;
}
