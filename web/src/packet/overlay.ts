// What the packet does not know yet: entries that were written here since, with what was undone or corrected among them.

import type { Unheard } from "../kept/database";
import { instant } from "./instant";
import { settled } from "./settle";
import type { Entry, Packet, Unsent, What } from "./types";

/** The packet without what was taken back here since it was built, and what was written here since.
 *
 * What the server refuses counts too, until somebody has dealt with it: a dose that was taken is not offered again. So does what is stamped
 * later than `now`, because the clock of the device was wrong.
 */
export function overlaid(
	packet: Packet,
	unheard: readonly Unheard[],
	now = instant(new Date()),
): { packet: Packet; unsent: Unsent[] } {
	const latest = now < packet.built ? packet.built : now;
	const found = settled(
		packet,
		unheard.map((one) => kept(one.entry)),
	);
	return { ...found, unsent: found.unsent.map((one) => (one.at > latest ? { ...one, at: latest } : one)) };
}

function kept({ id, at, what }: Entry): Unsent {
	if (what.kind !== "correction") return { id, at, ...looked(what) };
	const instead = what.instead ? { ...looked(what.instead), ...(what.at ? { at: what.at } : {}) } : null;
	return { id, at, kind: what.kind, corrects: what.corrects, instead };
}

function looked(what: What): Omit<Unsent, "at"> {
	const one: Omit<Unsent, "at"> = { kind: what.kind };
	if ("dose" in what) one.dose = what.dose;
	if ("sign" in what) one.sign = what.sign;
	if ("rule" in what) one.rule = what.rule;
	if ("by" in what) one.by = what.by;
	if ("said" in what) one.said = what.said;
	if ("despite" in what) one.despite = what.despite ?? [];
	if (what.kind === "watch-answered" && what.until) one.until = what.until;
	return one;
}
