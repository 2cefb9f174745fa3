// Sends what the server may not have, and fetches the packet. In the page and in the service worker; one of them at a time.

import { keepPacket, PACKET, type Place, packetPath, places, readable } from "../kept/packets";
import { refused, stored, unheard } from "../kept/unheard";
import type { Packet } from "../packet/types";
import { ask, passing } from "./ask";
import { Problem } from "./problem";
import { push } from "./push";
import { inTurn } from "./turns";

export { packetPath };

/** What came of sending. */
export interface Sent {
	sent: number;
	/** Seconds that the clock of this device is ahead, and whether that is too much; null where nothing was sent. */
	clock: { ahead: number; wrong: boolean } | null;
	/** What stopped all of it, or null. What was not sent is still kept. */
	error: unknown;
	/** Records that take nothing from here now, and why: they are no longer this person's, or only to be read. */
	closed: Map<string, Problem>;
}

/** Send everything of who acts here that was not sent, of every record. Two tabs and the worker take turns; what is sent twice is stored once. Raises nothing. */
export async function send(): Promise<Sent> {
	const done: Sent = { sent: 0, clock: null, error: null, closed: new Map() };
	try {
		await inTurn("gradatim-send", () => all(done));
	} catch (error) {
		done.error = error;
	}
	return done;
}

async function all(done: Sent): Promise<void> {
	const waiting = (await unheard()).filter((one) => one.cursor === null && one.refused === null);
	for (const record of new Set(waiting.map((one) => one.record))) {
		const mine = waiting.filter((one) => one.record === record);
		try {
			await push(record, mine, {
				stored: async (batch, told) => {
					const ids = batch.map((one) => one.id);
					await stored(ids, told.cursor, told.head);
					done.sent += batch.length;
					done.clock = { ahead: told.clock.ahead, wrong: told.clock.wrong };
				},
				refused: (one, faults) => refused(one.id, faults),
			});
		} catch (error) {
			if (!(error instanceof Problem) || passing(error) || error.status === 401) throw error; // so it would be for every record
			done.closed.set(record, error);
		}
	}
}

/** The newest packet of a record; what it holds is no longer unsent. `again`: the server has lost entries, and they are to be sent once
 * more. Raises `Problem` or `Unreachable`. */
export function fetchPacket(record: string): Promise<{ packet: Packet; again: boolean }> {
	return inTurn("gradatim-packet", async () => {
		const before = await places(record); // before it is asked: what the server had by then must be in its answer
		const packet = await ask<Packet>(packetPath(record), { fits: ofAnyVersion });
		if (!readable(packet)) throw new Problem(409, "newer", `This app reads ${PACKET}.`, "", []);
		let same = true;
		for (const place of before) same &&= await passes(record, place, packet);
		await keepPacket(record, packet, same ? new Set(before.map((one) => one.head)) : null);
		return { packet, again: !same };
	});
}

/** Whether the server's journal still passes through a place: not so after an old backup was brought back. */
async function passes(record: string, { cursor, head }: Place, { based_on }: Packet): Promise<boolean> {
	if (based_on.cursor < cursor) return false;
	if (based_on.cursor === cursor) return based_on.hash === null || based_on.hash === head;
	try {
		await ask(`records/${record}/entries?after=${cursor}&head=${head}&limit=1`);
		return true;
	} catch (error) {
		if (error instanceof Problem && error.kind === "journal-changed") return false;
		if (error instanceof Problem && error.status === 403) return true; // this device may not read it, so it cannot know
		throw error;
	}
}

function ofAnyVersion(found: unknown): boolean {
	const schema = (found as Partial<Packet> | null)?.schema;
	return typeof schema === "string" && schema.startsWith("gradatim/packet/");
}
