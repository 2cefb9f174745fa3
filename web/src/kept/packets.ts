// The packet of a record, kept together with what it says about the outbox: in one step, so that no moment shows neither.

import { instant } from "../packet/instant";
import type { Packet } from "../packet/types";
import { answer, hold, keptNow, makeRoom } from "./answers";
import { full, type Known, type Unheard, Unkept, within } from "./database";
import { heardHere, unheard } from "./unheard";

export const PACKET = "gradatim/packet/1";
/** Copies are kept so long: our choice [D], longer than most people keep backups in turn. */
const COPIES = 90 * 86_400_000; // milliseconds

/** Under which the packet of a record is kept, and asked for. */
export function packetPath(record: string): string {
	return `records/${record}/packet`;
}

/** The outbox of every record, and the packet of one, as they were at one moment. */
export async function recalled(record: string | null): Promise<{ all: Unheard[]; packet: Packet | null }> {
	const all = await unheard(); // first: an entry that leaves it meanwhile is in the packet
	const found = record === null ? null : await answer(packetPath(record));
	return { all, packet: readable(found?.data) ? found.data : null };
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

/** How far the server's journal of a record was known here. */
export async function known(record: string): Promise<Known | null> {
	try {
		return (await within(["journals"], "readonly", (now) => now.objectStore("journals").get(record))) ?? null;
	} catch (error) {
		if (error instanceof Unkept) return null;
		throw error;
	}
}

/** Keep a packet. What it holds leaves the outbox, and a copy stays; one that is older than the kept one changes nothing.
 *
 * `changed`: the server's journal is not the one that was known, it comes from a backup. Then all that was ever sent from here is sent again.
 */
export async function keepPacket(record: string, packet: Packet, changed: boolean, at = new Date()): Promise<void> {
	const step = (): Promise<void> => kept(record, packet, changed, at);
	try {
		await step().catch(async (error: unknown) => {
			if (!full(error)) throw error;
			await makeRoom();
			await step();
		});
		keptNow(packetPath(record));
	} catch (error) {
		if (!full(error) && !(error instanceof Unkept)) throw error;
		hold(packetPath(record), packet, at); // the outbox keeps what it has
	}
	heardHere(record, packet.based_on.cursor);
}

async function kept(record: string, packet: Packet, changed: boolean, at: Date): Promise<void> {
	await within(["answers", "unheard", "heard", "journals"], "readwrite", async (now) => {
		const before = (await now.objectStore("answers").get(packetPath(record)))?.data as Packet | undefined;
		if (before !== undefined && !changed && later(before, packet)) return;
		await now.objectStore("answers").put({ path: packetPath(record), at: instant(at), data: packet });
		const { cursor, hash } = packet.based_on;
		const there = await now.objectStore("journals").get(record);
		if (hash !== null && (changed || there === undefined || there.cursor < cursor))
			await now.objectStore("journals").put({ record, cursor, head: hash });
		const [waiting, copies] = [now.objectStore("unheard"), now.objectStore("heard")];
		const mine = (await waiting.getAll()).filter((one) => one.record === record && one.cursor !== null);
		if (changed) {
			for (const one of mine) await waiting.put({ ...one, cursor: null });
			for (const one of await copies.getAll()) {
				if (one.record !== record) continue;
				await waiting.put({ ...one, cursor: null, refused: null });
				await copies.delete(one.id);
			}
			return;
		}
		for (const one of mine) {
			if (one.cursor === null || one.cursor > cursor) continue;
			await copies.put(copy(one));
			await waiting.delete(one.id);
		}
		const old = new Date(at.getTime() - COPIES).getTime().toString(16).padStart(12, "0");
		await copies.delete(IDBKeyRange.upperBound(`${old.slice(0, 8)}-${old.slice(8)}`));
	});
}

function copy({ id, record, entry }: Unheard): { id: string; record: string; entry: Unheard["entry"] } {
	return { id, record, entry };
}

/** Whether a packet knows more than another; of the same, which one was built later. */
function later(one: Packet, other: Packet): boolean {
	const [mine, theirs] = [one.based_on.cursor, other.based_on.cursor];
	return mine > theirs || (mine === theirs && one.built > other.built);
}
