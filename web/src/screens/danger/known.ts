// The danger signs and what to do: of the record's packet, else as the server last told them, else as they were built into the app.

import type { Packet } from "../../packet/types";
import type { Schemas } from "../../server/ask";
import { spoken } from "../../words";

type Fixed = "levels" | "signs" | "emergency" | "missed_rule" | "too_much" | "stopping" | "meanings" | "sources";

/** `never`: what must not be done, in a few words, for the card. */
export type Known = Pick<Packet, Fixed> & { never: string };

/** What a record's packet says. */
export function ofPacket(packet: Packet): Known {
	return { ...packet, never: packet.card.title };
}

const LEVELS = ["E", "D", "V"] as const;

const BUNDLED = import.meta.glob<{ default: Known }>("./bundled.*.json");

/** What was built into the app, in the language that is spoken: made by docs/make_danger.py from the monograph. */
export async function bundled(): Promise<Known> {
	const found = BUNDLED[`./bundled.${spoken()}.json`] ?? BUNDLED["./bundled.en.json"];
	if (found === undefined) throw new RangeError("no danger sign was built in");
	return (await found()).default;
}

/** The same with the signs and levels that the server told since. */
export function newer(held: Known, told: Schemas["DangerOut"]): Known {
	const signs = LEVELS.flatMap((level) =>
		told.danger_signs.filter((one) => one.level === level).map(({ derived: _, ...sign }) => ({ ...sign, level })),
	);
	if (signs.length === 0) return held;
	const levels = held.levels.map((one) => ({ id: one.id, text: told.levels[one.id] ?? one.text }));
	return { ...held, signs, levels };
}
