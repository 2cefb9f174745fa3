// Fetches the packet of a record, and sees whether the server still has all that it had. One tab at a time.

import { keepPacket, PACKET, type Place, places, readable } from "../kept/packets";
import { packetPath } from "../packet/path";
import type { Packet } from "../packet/types";
import { ask } from "./ask";
import { askPacket, taken } from "./early";
import { Problem } from "./problem";
import { inTurn } from "./turns";

/** The newest packet of a record; what it holds is no longer unsent. `again`: the server has lost entries, and they are to be sent once
 * more. Raises `Problem` or `Unreachable`. */
export function fetchPacket(record: string): Promise<{ packet: Packet; again: boolean }> {
	return inTurn("gradatim-packet", async () => {
		const before = await places(record); // before it is asked: what the server had by then must be in its answer
		const early = before.length === 0 ? taken<Packet>(packetPath(record)) : null; // asked earlier it says nothing of a place that is known since
		const packet = await (early ?? askPacket(record));
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
