// Sending entries of one record: all or none at once, and what the server names as wrong is left out, so that it keeps no other back.

import type { Unheard } from "../kept/database";
import { instant } from "../packet/instant";
import { ask, passing, type Schemas } from "./ask";
import { type Fault, Problem } from "./problem";

type PushOut = Schemas["PushOut"];
/** Where the entries lie when they have come. */
export interface Arrived {
	stored(batch: readonly Unheard[], told: PushOut): Promise<void>;
	refused(one: Unheard, faults: Fault[]): Promise<void>;
}

const SCHEMA = "gradatim/entry/1";
const MOST = 50;
const LARGEST = 64_000; // letters at once: a slow network gets through with that
const OF_ENTRIES = [400, 413, 422];
const OF_SENDING = /^(sent|schema|version)\b/; // about the clock or the app, and not about an entry

/** Send entries in the order given. Raises `Problem` or `Unreachable` where the rest cannot be sent now. */
export async function push(record: string, entries: readonly Unheard[], arrived: Arrived): Promise<void> {
	for (const batch of batches(entries)) await pushed(record, batch, arrived);
}

/** Send one batch and hear what the server says; nothing is left out. */
export function told(record: string, batch: readonly Unheard[]): Promise<PushOut> {
	const body = { schema: SCHEMA, sent: instant(new Date()), entries: batch.map((one) => one.entry) };
	return ask<PushOut>(`records/${record}/entries`, { body, fits: (found) => acknowledges(found, batch.length) });
}

async function pushed(record: string, batch: readonly Unheard[], arrived: Arrived): Promise<void> {
	try {
		await arrived.stored(batch, await told(record, batch));
	} catch (error) {
		if (!(error instanceof Problem) || passing(error)) throw error;
		const named = faulty(error);
		const wrong = batch.filter((_, place) => named.has(place));
		if (wrong.length > 0) {
			for (const [place, one] of batch.entries()) {
				const faults = named.get(place);
				if (faults !== undefined) await arrived.refused(one, faults);
			}
			const rest = batch.filter((one) => !wrong.includes(one));
			if (rest.length > 0) await pushed(record, rest, arrived);
			return;
		}
		if (!OF_ENTRIES.includes(error.status) || error.faults.some((one) => OF_SENDING.test(one.path))) throw error;
		const [first] = batch;
		if (first === undefined) return;
		if (batch.length === 1) {
			const why = { path: "", problem: error.title, remedy: error.detail };
			await arrived.refused(first, error.faults.length > 0 ? [...error.faults] : [why]);
			return;
		}
		const half = Math.ceil(batch.length / 2); // one of them, and it is not said which
		await pushed(record, batch.slice(0, half), arrived);
		await pushed(record, batch.slice(half), arrived);
	}
}

/** An answer that says of every entry that it is on the disk. */
function acknowledges(found: unknown, count: number): boolean {
	const { stored, already, cursor, head, clock } = (found ?? {}) as Partial<PushOut>;
	return (
		Number.isInteger(cursor) &&
		typeof head === "string" &&
		clock !== undefined &&
		(stored ?? 0) + (already ?? 0) === count
	);
}

/** What is wrong with which entry of a batch: the server names them by place, `entries[3].what.amount`. */
function faulty(problem: Problem): Map<number, Fault[]> {
	const found = new Map<number, Fault[]>();
	for (const fault of problem.faults) {
		const place = /^entries\[(\d+)\]/.exec(fault.path)?.[1];
		if (place === undefined) continue;
		const path = fault.path.replace(/^entries\[\d+\]\.?/, ""); // of the entry: its place in the batch says nothing later
		found.set(Number(place), [...(found.get(Number(place)) ?? []), { ...fault, path }]);
	}
	return found;
}

function batches(entries: readonly Unheard[]): Unheard[][] {
	const found: Unheard[][] = [];
	let size = 0;
	for (const one of entries) {
		const own = JSON.stringify(one.entry).length;
		const last = found.at(-1);
		if (last === undefined || last.length >= MOST || size + own > LARGEST) {
			found.push([one]);
			size = own;
		} else {
			last.push(one);
			size += own;
		}
	}
	return found;
}
