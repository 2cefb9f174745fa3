// What was written on this device and the packet does not hold yet, as it stands after corrections.

import type { Unheard } from "../kept/database";
import type { Packet, PacketDose, What } from "./types";

export interface Mine {
	id: string;
	at: string;
	what: What;
}

/** The entries that stand, in the order in which they were written, then what was put right of the packet's own; also what the server refused, until somebody has dealt with it. `packet`
 * as it came, where an entry that it holds was put right here. */
export function standing(unheard: readonly Unheard[], packet: Packet | null = null): Mine[] {
	const last = new Map<string, Correction>(); // what counts of each entry that was corrected: also of a correction
	for (const { entry } of unheard.toReversed()) {
		const { what, id } = entry;
		if (what.kind !== "correction" || last.has(what.corrects)) continue;
		if (last.get(id)?.instead !== null) last.set(what.corrects, { instead: what.instead ?? null, at: what.at ?? null });
	}
	const found: Mine[] = [];
	for (const { entry } of unheard) {
		const { what, id } = entry;
		const now = last.get(id);
		if (what.kind !== "correction" && now === undefined) found.push({ id, at: entry.at, what });
		else if (what.kind !== "correction" && now?.instead) found.push({ id, at: now.at ?? entry.at, what: now.instead });
	}
	for (const [id, { instead, at }] of last) {
		const when = at ?? heldAt(packet, id);
		if (instead !== null && when !== undefined && !unheard.some((one) => one.id === id))
			found.push({ id, at: when, what: instead });
	}
	return found;
}

interface Correction {
	instead: What | null;
	at: string | null;
}

/** When something happened that the packet holds. */
function heldAt(packet: Packet | null, id: string): string | undefined {
	const taking = packet?.takings.find((one) => one.entry === id);
	return taking?.at ?? packet?.doses.find((one) => one.done?.entry === id)?.done?.at;
}

/** What became of a dose: when, how much, and what is to be seen about it. Taken goes before the rest; else the last counts. */
export interface Became {
	at: string;
	amount: string | null;
	reason: string | null;
	notes: readonly string[];
	/** Who wrote it down. */
	by: string | null;
}

export function became(dose: PacketDose, mine: readonly Mine[]): Became | null {
	const here = mine.filter(({ what }) => "dose" in what && what.dose === dose.id);
	const done = dose.done;
	if (done?.what === "dose-taken")
		return { at: done.at, amount: done.amount, reason: done.reason, notes: done.notes, by: done.by };
	const one = here.find(({ what }) => what.kind === "dose-taken") ?? here.at(-1);
	if (one !== undefined) {
		const amount = one.what.kind === "dose-taken" ? one.what.amount : null;
		const reason = "reason" in one.what ? (one.what.reason ?? null) : null;
		return { at: one.at, amount, reason, notes: [], by: null };
	}
	return done === null ? null : { at: done.at, amount: null, reason: done.reason, notes: done.notes, by: done.by };
}
