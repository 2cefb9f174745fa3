// Who may answer a review. The person's may also be answered by a carer or a clinician, a carer's by a clinician.

import type { Schemas } from "../../server/ask";

type Answerer = Schemas["Answerer"];
const ORDER: readonly Answerer[] = ["person", "carer", "clinician"];
const OWN: Readonly<Record<string, Answerer>> = { person: "person", carer: "carer", prescriber: "clinician" };

/** Whose answer somebody in this role can only tell: empty where they answer themselves. */
export function tellers(role: string, review: string): Answerer[] {
	const [own, asked] = [ORDER.indexOf(OWN[role] ?? "person"), ORDER.indexOf(review as Answerer)];
	return own >= asked ? [] : ORDER.slice(asked);
}
