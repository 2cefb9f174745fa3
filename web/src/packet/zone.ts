// Where the person is by the record, and by the device where the record does not say.

import { dayAt } from "./show";
import type { Packet } from "./types";

/** The zone at an instant. */
export function zoneAt(packet: Packet | null, at: string): string {
	if (packet === null || (packet.person.id === null && packet.plans.length === 0))
		return Intl.DateTimeFormat().resolvedOptions().timeZone;
	return at < (packet.days[0]?.begins ?? "") ? packet.person.zone : dayAt(packet, at).zone;
}
