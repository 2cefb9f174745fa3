// What a sign that somebody notes means by itself: of which danger sign it is a case. What it means beside something else, the record tells.

import type { Packet, PacketSign } from "./types";

/** The danger signs that noted ids are, gravest first. */
export function meant(packet: Pick<Packet, "signs" | "meanings">, noted: readonly string[]): PacketSign[] {
	const means = packet.meanings
		.filter((one) => one.beside === "nothing" && one.noted.some((id) => noted.includes(id)))
		.map((one) => one.means);
	const ids = new Set([...noted, ...means]);
	return packet.signs.filter((one) => ids.has(one.id));
}
