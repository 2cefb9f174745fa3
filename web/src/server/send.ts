// Sends what the server may not have, and fetches the packet. In the page and in the service worker; one of them at a time.

import { answer, keepAnswer } from "../kept/answers";
import type { Unheard } from "../kept/database";
import { heard, refused, stored, unheard } from "../kept/unheard";
import { instant } from "../packet/instant";
import type { Packet } from "../packet/types";
import { ask, passing, type Schemas } from "./ask";
import { Problem } from "./problem";

const SCHEMA = "gradatim/entry/1";
const AT_ONCE = 250;

/** Under which the packet of a record is kept, and asked for. */
export function packetPath(record: string): string {
	return `records/${record}/packet`;
}

/** What came of sending. `clock` where the device's clock is wrong: seconds that it is ahead. */
export interface Sent {
	sent: number;
	clock: number | null;
	/** What stopped it, if anything did; the rest is still kept. */
	error: unknown;
}

/** Send everything that was not sent, of every record. Two tabs and the worker take turns; what is sent twice is stored once. */
export async function send(): Promise<Sent> {
	return navigator.locks.request("gradatim-send", async () => {
		const done: Sent = { sent: 0, clock: null, error: null };
		const waiting = (await unheard()).filter((one) => one.cursor === null && one.refused === null);
		for (const record of new Set(waiting.map((one) => one.record))) {
			try {
				const mine = waiting.filter((one) => one.record === record);
				for (let from = 0; from < mine.length; from += AT_ONCE)
					await push(record, mine.slice(from, from + AT_ONCE), done);
			} catch (error) {
				done.error = error;
				if (passing(error)) break;
			}
		}
		return done;
	});
}

async function push(record: string, batch: readonly Unheard[], done: Sent): Promise<void> {
	const body = { schema: SCHEMA, sent: instant(new Date()), entries: batch.map((one) => one.entry) };
	try {
		const told = await ask<Schemas["PushOut"]>(`records/${record}/entries`, { body });
		await stored(
			batch.map((one) => one.id),
			told.cursor,
		);
		done.sent += batch.length;
		done.clock = told.clock.wrong ? told.clock.ahead : null;
	} catch (error) {
		if (!(error instanceof Problem) || passing(error)) throw error;
		if (error.kind !== "bad-input" && error.status !== 409) throw error; // not about an entry: nobody may write here now
		const [first, ...more] = batch;
		if (first === undefined) return;
		if (more.length === 0) {
			const faults =
				error.faults.length > 0 ? [...error.faults] : [{ path: "", problem: error.title, remedy: error.detail }];
			await refused(first.id, faults);
			return;
		}
		for (const one of batch) await push(record, [one], done); // one bad entry keeps no other back
	}
}

/** The newest packet of a record; what it holds is no longer unsent. Raises `Problem` or `Unreachable`. */
export async function fetchPacket(record: string): Promise<Packet> {
	const packet = await ask<Packet>(packetPath(record));
	await navigator.locks.request("gradatim-packet", async () => {
		const before = (await answer(packetPath(record)))?.data as Packet | undefined;
		if (before === undefined || before.built <= packet.built || before.based_on.cursor > packet.based_on.cursor) {
			await keepAnswer(packetPath(record), packet);
		}
		await heard(record, packet.based_on.cursor);
	});
	return packet;
}
