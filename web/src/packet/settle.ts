// What stands after corrections: of the packet, and of what was written here since. The record has the same rules; where something is taken
// back that only the record can weigh, nothing is offered until it was heard. In Python: `settled` in tests/exchange/packet_client.py.

import type { Packet, PacketDose, Unsent } from "./types";

type Done = NonNullable<PacketDose["done"]>;
type Standing = ReadonlyMap<string, Unsent>; // by the id of an entry its last correction that was not taken back itself

const MANY = 6; // takings at least are in the packet, where there are so many

/** The packet without what was taken back since, and what stands of the unsent, which are in the order in which they were written.
 *
 * Two marks may be among these: `correction`, something of the packet was taken back, so compare anew; and `unsettled`, what stands now only
 * the record can tell.
 */
export function settled(packet: Packet, unsent: readonly Unsent[]): { packet: Packet; unsent: Unsent[] } {
	const own = new Set(unsent.flatMap((one) => one.id ?? []));
	const standing = corrections(unsent);
	const mine: Unsent[] = [];
	for (const one of unsent) {
		if (one.corrects !== undefined) continue;
		const change = standing.get(one.id ?? "");
		if (change === undefined) mine.push(one);
		else if (change.instead) mine.push({ at: one.at, ...change.instead });
	}
	const changed = new Map([...standing].filter(([id]) => !own.has(id)));
	return changed.size === 0 ? { packet, unsent: mine } : without(packet, changed, mine);
}

function corrections(unsent: readonly Unsent[]): Standing {
	const places = new Map(unsent.map((one, place) => [one.id ?? "", place]));
	const pointing = new Map<string, Unsent[]>();
	unsent.forEach((one, place) => {
		if (one.corrects === undefined) return;
		const at = places.get(one.corrects);
		const target = at === undefined ? undefined : unsent[at];
		// A correction of a correction takes it back, and nothing else; only one that comes later could go in circles.
		if (target?.corrects !== undefined && (one.instead || (at ?? 0) >= place)) return;
		pointing.set(one.corrects, [...(pointing.get(one.corrects) ?? []), one]);
	});
	const undone = new Set<string>();
	const stands = (one: Unsent) => !undone.has(one.id ?? "");
	for (const one of [...unsent].reverse()) {
		if (one.corrects !== undefined && (pointing.get(one.id ?? "") ?? []).some(stands)) undone.add(one.id ?? "");
	}
	const last = new Map<string, Unsent>();
	for (const [id, these] of pointing) {
		const one = these.filter(stands).at(-1);
		if (one !== undefined) last.set(id, one);
	}
	return last;
}

function without(packet: Packet, changed: Standing, mine: Unsent[]): { packet: Packet; unsent: Unsent[] } {
	const { guard } = packet;
	const said = packet.doses.flatMap(({ done }) => (done === null ? [] : [done, ...done.others]));
	const known = new Map(
		[...said, ...packet.takings, ...packet.told, ...guard.answers].map((one) => [one.entry, one.at] as const),
	);
	for (const [id, one] of changed) {
		if (guard.weighed.includes(id)) mine.push({ kind: "unsettled", at: one.at });
		mine.push({ kind: "correction", at: one.at });
		if (one.instead) mine.push({ at: known.get(id) ?? one.at, ...one.instead });
	}
	const stays = ({ entry }: { entry: string }) => !changed.has(entry);
	const takings = packet.takings.filter(stays);
	const fewer = takings.length < packet.takings.length && packet.takings.length >= MANY;
	// Those before are not in the packet.
	if (fewer && !takings.some((one) => one.ends_gap)) mine.push({ kind: "unsettled", at: packet.built });
	return {
		packet: {
			...packet,
			doses: packet.doses.map((dose) => ({ ...dose, done: left(dose.done, stays) })),
			takings,
			told: packet.told.filter(stays),
			guard: { ...guard, answers: guard.answers.filter(stays) },
		},
		unsent: mine,
	};
}

/** What is left of what was said about a dose: the first that was not taken back counts. */
function left(done: Done | null, stays: (one: { entry: string }) => boolean): Done | null {
	if (done === null) return null;
	const { others, ...counts } = done;
	const [first, ...rest] = [counts, ...others].filter(stays);
	return first === undefined ? null : { ...first, others: rest };
}
