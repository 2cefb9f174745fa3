// The packet of a record, kept together with what it says about the outbox: in one step, so that no moment shows neither.

import { instant } from "../packet/instant";
import { packetPath } from "../packet/path";
import type { Packet } from "../packet/types";
import { hold, keptNow, makeRoom, onlyHeld } from "./answers";
import { full, type Unheard, Unkept, within } from "./database";
import { lent } from "./lending";
import { holds, ofMine } from "./owner";
import { heardHere, owned, withHere } from "./unheard";

export const PACKET = "gradatim/packet/1";
/** Copies are kept so long: our choice [D], longer than most people keep backups in turn. */
const COPIES = 90 * 86_400_000; // milliseconds

/** The outbox of every record, and the packet of one, as they were at one moment. */
export async function recalled(record: string | null): Promise<{ all: Unheard[]; packet: Packet | null }> {
	const path = packetPath(record ?? "");
	const found = await within(["unheard", "answers", "settings"], "readonly", async (now) => {
		const [all, answer, mine] = await Promise.all([
			now.objectStore("unheard").getAll(),
			now.objectStore("answers").get(path),
			holds(now),
		]);
		return { all, data: mine ? answer?.data : undefined };
	}).catch((error: unknown) => {
		if (error instanceof Unkept) return { all: [], data: undefined };
		throw error;
	});
	const data = onlyHeld(path)?.data ?? found.data;
	return { all: withHere(found.all), packet: record !== null && readable(data) ? data : null };
}

/** Whether this app understands a packet. */
export function readable(data: unknown): data is Packet {
	if (typeof data !== "object" || data === null) return false;
	const { schema, based_on, days, doses, takings, guard } = data as Partial<Packet>;
	return (
		schema === PACKET &&
		Number.isInteger(based_on?.cursor) &&
		[days, doses, takings].every((one) => Array.isArray(one)) &&
		(days?.length ?? 0) > 0 &&
		typeof guard === "object"
	);
}

/** A place in the journal of the server, and the hash of its chain there. */
export interface Place {
	cursor: number;
	head: string;
}

/** Where the server's journal of a record was known to be: by the last packet, and by every acknowledgement since. */
export async function places(record: string): Promise<Place[]> {
	try {
		return await within(["journals", "unheard", "heard"], "readonly", async (now) => {
			const [known, waiting, copies] = await Promise.all([
				now.objectStore("journals").get(record),
				now.objectStore("unheard").getAll(),
				now.objectStore("heard").getAll(),
			]);
			const mine = waiting.filter((one) => one.record === record);
			const found = new Map<string, Place>();
			for (const { cursor, head } of mine) if (cursor !== null && head !== undefined) found.set(head, { cursor, head });
			// Without a copy of anything there is nothing that could be sent again.
			if (known !== undefined && (found.size > 0 || copies.some((one) => one.record === record)))
				found.set(known.head, { cursor: known.cursor, head: known.head });
			return [...found.values()];
		});
	} catch (error) {
		if (error instanceof Unkept) return [];
		throw error;
	}
}

/** What a packet means for the outbox. `sure`: hashes of the chain that is the server's still; null: it is not the one that was known, it
 * comes from a backup, and all that was ever sent from here is sent again. */
export type Chain = ReadonlySet<string> | null;

/** Keep a packet. What it holds leaves the outbox, and a copy stays; one that is older than the kept one changes nothing.
 * On a lent device, and on one that is another account's by now, it is held for the page alone, and there are no copies. */
export async function keepPacket(record: string, packet: Packet, sure: Chain, at = new Date()): Promise<void> {
	const step = (): Promise<void> => kept(record, packet, sure, at);
	try {
		await step().catch(async (error: unknown) => {
			if (!full(error)) throw error;
			await makeRoom();
			await step();
		});
		if (!lent()) keptNow(packetPath(record));
	} catch (error) {
		if (!full(error) && !(error instanceof Unkept)) throw error;
		hold(packetPath(record), packet, at); // the outbox keeps what it has
	}
	heardHere(record, packet.based_on.cursor);
}

async function kept(record: string, packet: Packet, sure: Chain, at: Date): Promise<void> {
	const path = packetPath(record);
	await within(["answers", "unheard", "heard", "journals", "settings"], "readwrite", async (now) => {
		if (!(await holds(now))) {
			hold(path, packet, at);
			return;
		}
		const lends = lent();
		const answer = lends ? onlyHeld(path) : await now.objectStore("answers").get(path);
		const before = answer?.data as Packet | undefined;
		if (before !== undefined && sure !== null && later(before, packet)) return;
		if (lends) hold(path, packet, at);
		else await now.objectStore("answers").put({ path, at: instant(at), data: packet });
		const { cursor, hash } = packet.based_on;
		if (hash !== null && !lends) await now.objectStore("journals").put({ record, cursor, head: hash });
		const [waiting, copies] = [now.objectStore("unheard"), now.objectStore("heard")];
		const written = (await waiting.getAll()).filter((one) => one.record === record && one.cursor !== null);
		const mine = written.filter(ofMine);
		if (sure === null) {
			for (const { id, entry } of mine) await waiting.put(again(id, record, entry));
			for (const one of (await copies.getAll()).filter((one) => one.record === record)) {
				await waiting.put(again(one.id, record, one.entry));
				await copies.delete(one.id);
			}
			return;
		}
		for (const { id, entry, cursor: stood, head } of mine) {
			if (stood === null || stood > cursor || !(head === undefined || head === hash || sure.has(head))) continue;
			if (!lends) await copies.put({ id, record, entry });
			await waiting.delete(id);
		}
		const old = (at.getTime() - COPIES).toString(16).padStart(12, "0");
		await copies.delete(IDBKeyRange.upperBound(`${old.slice(0, 8)}-${old.slice(8)}`));
	});
}

function again(id: string, record: string, entry: Unheard["entry"]): Unheard {
	return owned({ id, record, entry, cursor: null, refused: null });
}

/** Whether a packet knows more than another; of the same, which one was built later. */
function later(one: Packet, other: Packet): boolean {
	const [mine, theirs] = [one.based_on.cursor, other.based_on.cursor];
	return mine > theirs || (mine === theirs && one.built > other.built);
}
