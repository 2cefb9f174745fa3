// What the packet does not know yet: entries that were written here since, with what was undone or corrected among them.

import type { Unheard } from "../kept/database";
import { instant } from "./instant";
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
	const entries = unheard.map((one) => one.entry);
	const found = taken(packet, entries);
	const latest = now < packet.built ? packet.built : now;
	return { ...found, unsent: found.unsent.map((one) => (one.at > latest ? { ...one, at: latest } : one)) };
}

function taken(packet: Packet, entries: readonly Entry[]): { packet: Packet; unsent: Unsent[] } {
	const instead = new Map<string, { what: What | null; at: string | null }>();
	for (const { what } of entries) {
		if (what.kind === "correction") instead.set(what.corrects, { what: what.instead ?? null, at: what.at ?? null });
	}
	const unsent: Unsent[] = [];
	for (const entry of entries) {
		if (entry.what.kind === "correction") continue;
		const corrected = instead.get(entry.id);
		const what = corrected === undefined ? entry.what : corrected.what;
		if (what !== null && !elsewhere(what)) unsent.push(looked(what, corrected?.at ?? entry.at));
	}
	return { packet: instead.size === 0 ? packet : without(packet, instead, unsent), unsent };
}

function without(
	packet: Packet,
	instead: Map<string, { what: What | null; at: string | null }>,
	unsent: Unsent[],
): Packet {
	for (const [id, { what, at }] of instead) {
		const was =
			packet.takings.find((one) => one.entry === id)?.at ??
			packet.doses.find((one) => one.done?.entry === id)?.done?.at;
		if (was === undefined) continue;
		unsent.push(what === null ? { kind: "correction", at: was } : looked(what, at ?? was));
	}
	return {
		...packet,
		doses: packet.doses.map((dose) =>
			dose.done !== null && instead.has(dose.done.entry) ? { ...dose, done: null } : dose,
		),
		takings: packet.takings.filter((one) => !instead.has(one.entry)),
	};
}

/** An answer to another finding than the gap: it lifts no guard, and says nothing about a dose. */
function elsewhere(what: What): boolean {
	return what.kind === "watch-answered" && what.rule !== "gap";
}

function looked(what: What, at: string): Unsent {
	const one: Unsent = { kind: what.kind, at };
	if ("dose" in what) one.dose = what.dose;
	if ("sign" in what) one.sign = what.sign;
	if ("by" in what) one.by = what.by;
	if ("said" in what) one.said = what.said;
	if ("despite" in what) one.despite = what.despite ?? [];
	return one;
}
