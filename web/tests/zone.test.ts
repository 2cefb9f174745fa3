import { describe, expect, it } from "vitest";
import type { Packet } from "../src/packet/types";
import { zoneAt } from "../src/packet/zone";

const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
const days = [{ day: "2026-12-01", zone: "Pacific/Kiritimati", begins: "2026-11-30T10:00:00Z" }];

function packet(id: string | null, plans: unknown[]): Packet {
	return { person: { id, zone: "Pacific/Kiritimati" }, plans, days, last: "2026-12-01" } as unknown as Packet;
}

describe("the zone", () => {
	it("is the device's where nobody is described and nothing is planned", () => {
		expect(own).not.toBe("Pacific/Kiritimati");
		expect(zoneAt(packet(null, []), "2026-11-30T12:00:00Z")).toBe(own);
		expect(zoneAt(null, "2026-11-30T12:00:00Z")).toBe(own);
	});
	it("is the record's where somebody is described", () => {
		expect(zoneAt(packet("a", []), "2026-11-30T12:00:00Z")).toBe("Pacific/Kiritimati");
		expect(zoneAt(packet("a", []), "2026-11-01T12:00:00Z")).toBe("Pacific/Kiritimati");
	});
});
