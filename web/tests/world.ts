// A server in memory and devices with databases of their own, for the tests of what is kept and sent.

import { IDBFactory } from "fake-indexeddb";
import { vi } from "vitest";
import type { Entry, Packet, What } from "../src/packet/types";

type Body = { entries: Entry[]; sent: string; schema: string };
type Meant = "answer" | "cut" | "lost" | "broken" | "busy" | "elsewhere";

export const RECORD = "5a0d0000-0000-7000-8000-000000000001";
const HEAD = "0".repeat(64);

/** What a server has to do here: a journal whose chain has a hash, entries that it refuses, and answers that get lost. */
export class Server {
	/** The journal of each record. */
	journals = new Map<string, Entry[]>([[RECORD, []]]);
	/** What is done with the next requests, in order; afterwards all are answered. */
	script: Meant[] = [];
	/** Decides where the script is at its end. */
	weather: (path: string) => Meant = () => "answer";
	somebody = true;
	mayRead = true;
	ahead = 0;
	asked: { method: string; path: string; body: Body | null }[] = [];
	refuses: (entry: Entry, place: number) => { path: string; problem: string; remedy: string } | null = () => null;
	problem: { status: number; kind: string } | null = null;
	built = 0;
	schema = "gradatim/packet/1";

	journal(record = RECORD): Entry[] {
		const found = this.journals.get(record);
		if (found === undefined) throw new Error(`no record ${record}`);
		return found;
	}

	/** The hash of the chain behind so many entries: it depends on all of them and on their order. */
	head(cursor: number, record = RECORD): string | null {
		if (cursor > this.journal(record).length) return null;
		let found = HEAD;
		for (const { id } of this.journal(record).slice(0, cursor)) {
			let sum = 7;
			for (const letter of found + id) sum = (sum * 33 + letter.charCodeAt(0)) % 0xffffffffffff;
			found = sum.toString(16).padStart(64, "0");
		}
		return found;
	}

	fetch = async (address: string, init: RequestInit = {}): Promise<Response> => {
		const path = address.replace("/api/v1/", "");
		const body = init.body ? (JSON.parse(String(init.body)) as Body) : null;
		this.asked.push({ method: init.method ?? "GET", path, body });
		const meant = this.script.shift() ?? this.weather(path);
		if (meant === "cut") throw new TypeError("Failed to fetch");
		if (meant === "elsewhere") return new Response("<html>Sign in to the hotel's network</html>", { status: 200 });
		if (meant === "busy") return problem(503, "unavailable");
		const answer = this.#answer(path, init, body);
		if (meant === "lost") throw new TypeError("the connection was cut behind the request");
		if (meant === "broken") return new Response((await answer.text()).slice(0, 20), { status: answer.status });
		return answer;
	};

	#answer(path: string, init: RequestInit, body: Body | null): Response {
		if (path === "session")
			return json({ mode: "personal", version: "0", name: this.somebody ? "A. Name" : null, device: null, scopes: [], administrator: false, csrf: "right" }); // biome-ignore format: one object
		if (init.method === "POST" && new Headers(init.headers).get("X-CSRFToken") !== "right") return problem(403, "csrf");
		if (!this.somebody) return problem(401, "no-credentials");
		const [, record = "", what = ""] = /^records\/([^/]+)\/(.+)$/.exec(path) ?? [];
		if (!this.journals.has(record)) return problem(404, "not-found");
		if (what === "packet") return json(this.packet(record));
		if (body !== null) return this.#push(record, body);
		if (!this.mayRead) return problem(403, "not-allowed");
		const asked = new URLSearchParams(what.split("?")[1]);
		if (this.head(Number(asked.get("after")), record) !== asked.get("head")) return problem(409, "journal-changed");
		return json({ entries: [] });
	}

	#push(record: string, { entries, sent }: Body): Response {
		if (this.problem !== null) return problem(this.problem.status, this.problem.kind);
		const faults = entries.flatMap((one, place) => this.refuses(one, place) ?? []);
		if (faults.length > 0) return problem(422, "bad-input", faults);
		const journal = this.journal(record);
		const known = new Map(journal.map((one) => [one.id, one]));
		for (const one of entries) {
			const there = known.get(one.id);
			if (there !== undefined && JSON.stringify(there) !== JSON.stringify(one))
				throw new Error(`${one.id} says something else`);
		}
		const fresh = entries.filter((one) => !known.has(one.id));
		journal.push(...fresh);
		const clock = { server: sent, ahead: this.ahead, wrong: Math.abs(this.ahead) > 120 };
		const cursor = journal.length;
		return json({
			stored: fresh.length,
			already: entries.length - fresh.length,
			cursor,
			head: this.head(cursor, record),
			clock,
		});
	}

	/** A packet as far as the outbox looks at it; `takings` names the entries that it holds. */
	packet(record = RECORD): Packet {
		this.built += 1;
		const journal = this.journal(record);
		return {
			schema: this.schema,
			built: `2026-12-01T08:00:00.${String(this.built).padStart(6, "0")}Z`,
			based_on: { cursor: journal.length, hash: this.head(journal.length, record) },
			days: [{ day: "2026-12-01" }],
			doses: [],
			takings: journal.map((one) => ({ entry: one.id })),
			guard: {},
		} as unknown as Packet;
	}
}

function json(data: unknown): Response {
	return new Response(JSON.stringify(data), { status: 200 });
}

function problem(status: number, kind: string, faults: unknown[] = []): Response {
	const body = { type: `urn:gradatim:problem:${kind}`, title: kind, status, faults };
	return new Response(JSON.stringify(body), { status });
}

/** Web Locks as far as they are used here: one at a time under a name. */
export class Locks {
	#held = new Map<string, Promise<unknown>>();

	request = async (name: string, options: { signal?: AbortSignal }, work: () => Promise<unknown>): Promise<unknown> => {
		const before = this.#held.get(name) ?? Promise.resolve();
		const mine = before.then(() => {
			options.signal?.throwIfAborted();
			return work();
		});
		this.#held.set(
			name,
			mine.catch(() => undefined),
		);
		return mine;
	};
}

/** A device: a database that tabs share, and the modules of each tab by themselves. */
export class Device {
	#disk = new IDBFactory();

	/** The code of the app in one tab more. */
	async tab(): Promise<Tab> {
		vi.stubGlobal("indexedDB", this.#disk);
		vi.resetModules();
		const tab = {
			...(await import("../src/kept/unheard")),
			...(await import("../src/kept/answers")),
			...(await import("../src/kept/packets")),
			...(await import("../src/server/send")),
			...(await import("../src/server/packet")),
			...(await import("../src/kept/uuid")),
			...(await import("../src/kept/database")),
			...(await import("../src/live/atonce")),
		};
		await tab.unheard(); // opens the database of this device and no other's
		return tab;
	}
}

export type Tab = typeof import("../src/kept/unheard") &
	typeof import("../src/kept/answers") &
	typeof import("../src/kept/packets") &
	typeof import("../src/server/send") &
	typeof import("../src/server/packet") &
	typeof import("../src/kept/uuid") &
	typeof import("../src/kept/database") &
	typeof import("../src/live/atonce");

let notes = 0;

/** An entry as a tab writes it. */
export function entry(
	id: string,
	what: What = { kind: "note", text: `note ${++notes}` },
	recorded = "2026-12-01T08:00:00Z",
): Entry {
	return {
		id,
		person: "somebody",
		author: "A. Name",
		device: "d",
		at: recorded,
		zone: "Europe/London",
		recorded,
		what,
	};
}

/** Write an entry down in a tab, as `live.write` does. */
export async function write(tab: Tab, what?: What, record = RECORD, recorded?: string): Promise<Entry> {
	const made = entry(tab.newId(), what, recorded);
	return (await tab.keep({ id: made.id, record, entry: made, cursor: null, refused: null })).entry;
}

/** The ids of everything that waits in a device. */
export async function waits(tab: Tab): Promise<string[]> {
	return (await tab.unheard()).filter((one) => one.cursor === null).map((one) => one.id);
}

/** Numbers that look drawn, the same for the same seed. */
export function drawn(seed: number): () => number {
	let state = seed * 2654435761 + 1;
	return () => {
		state = (state * 1664525 + 1013904223) % 4294967296;
		return state / 4294967296;
	};
}
