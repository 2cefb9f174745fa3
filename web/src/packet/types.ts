// The documents as the server describes them: made from openapi.json at every build.
import type { components } from "../server/api";

type Schemas = components["schemas"];
export type Packet = Schemas["Packet"];
export type PacketDose = Schemas["PacketDose"];
export type PacketDay = Schemas["PacketDay"];
export type PacketPortion = Schemas["PacketPortion"];
export type PacketProduct = Schemas["PacketProduct"];
export type PacketSign = Schemas["PacketSign"];
export type PacketQuestion = Schemas["PacketQuestion"];
export type Entry = Schemas["Entry"];
export type What = Entry["what"];

export type State = "before" | "early" | "due" | "late" | "held" | "taken" | "skipped" | "unsure" | "missed";

/** What the record will know and the packet does not yet: the few fields of an entry that the comparison looks at. */
export interface Unsent {
	id?: string;
	kind: string;
	at: string;
	dose?: string;
	sign?: string;
	by?: string;
	said?: string;
	rule?: string;
	until?: string;
	despite?: readonly string[];
	/** Of a correction: which entry, and what it should have said; null takes it back. */
	corrects?: string;
	instead?: (Omit<Unsent, "at"> & { at?: string }) | null;
}

/** What is shown of a packet at an instant. */
export interface Shown {
	age: "fresh" | "old" | "stale";
	clock_behind: boolean;
	ask_first: boolean;
	day: string | null;
	doses: { id: string; state: State }[];
	due: string | null;
	offer: string | null;
	next: string | null;
	wait_until: string | null;
	held_since: string | null;
	told: string | null;
	says: string[];
}
