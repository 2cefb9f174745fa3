// Whether a record has nothing in it at all, so that a first entry may say that there is a person: a second description takes the place of
// the one before, with all that it says of the kidneys and of medicines.

import type { Unheard } from "../../kept/database";
import type { Packet } from "../../packet/types";

/** `open`: as the server has just told it; `waiting`: what was written here and is in no packet yet, also what the server does not take. */
export function untouched(
	open: { entries: number } | null,
	waiting: readonly Pick<Unheard, "id">[],
	packet: { person: Pick<Packet["person"], "id"> } | null,
): boolean {
	return open?.entries === 0 && waiting.length === 0 && packet?.person.id == null;
}
