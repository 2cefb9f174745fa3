// What a check-in writes: one entry of its answers, and one for each goal, sign and event.

import type { Packet, What } from "../../packet/types";
import type { Draft } from "./draft.svelte";

export function entries(packet: Packet, draft: Draft): What[] {
	const scores = packet.questions
		.filter((one) => asked(packet, draft, one.id))
		.flatMap(({ id }) => (draft.scores[id] === undefined ? [] : [{ scale: id, value: draft.scores[id] }]));
	const note = draft.note.trim();
	const found: What[] = [];
	if (scores.length > 0 || note !== "")
		found.push({ kind: "check-in", ...(scores.length > 0 ? { scores } : {}), ...(note === "" ? {} : { note }) });
	for (const { text, weight } of packet.goals) {
		const level = draft.goals[text];
		if (level !== undefined) found.push({ kind: "goal", goal: text, level, weight });
	}
	for (const sign of draft.signs) found.push({ kind: "symptom", sign });
	for (const { event } of packet.events) if (draft.events.includes(event)) found.push({ kind: "event", event });
	return found;
}

/** Whether a question is asked: one that depends on another only once that was answered with more than nothing. */
export function asked(packet: Packet, draft: Draft, id: string): boolean {
	const question = packet.questions.find((one) => one.id === id);
	if (question === undefined || question.id === GOAL) return false;
	return question.only_if === null || (draft.scores[question.only_if] ?? 0) > 0;
}

/** The question that is asked of each goal. */
export const GOAL = "goal";
