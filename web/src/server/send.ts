// Sends what the server may not have. In the page and in the service worker; one of them at a time.

import { refused, stored, unheard } from "../kept/unheard";
import { passing } from "./ask";
import { Problem } from "./problem";
import { push } from "./push";
import { inTurn } from "./turns";

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
