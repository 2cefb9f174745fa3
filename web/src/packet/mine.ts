// What was written on this device and the packet does not hold yet, as it stands after corrections.

import type { Unheard } from "../kept/database";
import type { Packet, PacketDose, What } from "./types";

export interface Mine {
	id: string;
	at: string;
	what: What;
}

/** The entries that stand, in the order in which they were written; also what the server refused, until somebody has dealt with it. `packet`
 * as it came, where an entry that it holds was put right here. */
export function standing(unheard: readonly Unheard[], packet: Packet | null = null): Mine[] {
	const found = new Map<string, Mine>();
	for (const { entry } of unheard) {
		const { what } = entry;
		if (what.kind !== "correction") {
			found.set(entry.id, { id: entry.id, at: entry.at, what });
			continue;
		}
		const id = what.corrects;
		const at = what.at ?? found.get(id)?.at ?? heldAt(packet, id);
		if (what.instead && at !== undefined) found.set(id, { id, at, what: what.instead });
		else found.delete(id);
	}
	return [...found.values()];
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
}

export function became(dose: PacketDose, mine: readonly Mine[]): Became | null {
	const here = mine.filter(({ what }) => "dose" in what && what.dose === dose.id);
	const done = dose.done;
	if (done?.what === "dose-taken") return { at: done.at, amount: done.amount, reason: done.reason, notes: done.notes };
	const one = here.find(({ what }) => what.kind === "dose-taken") ?? here.at(-1);
	if (one !== undefined) {
		const amount = one.what.kind === "dose-taken" ? one.what.amount : null;
		const reason = "reason" in one.what ? (one.what.reason ?? null) : null;
		return { at: one.at, amount, reason, notes: [] };
	}
	return done === null ? null : { at: done.at, amount: null, reason: done.reason, notes: done.notes };
}
