// What `show` says, line by line, with its weight: so that every line has its place on the screen, and none is lost.

import type { Packet, Shown } from "./types";

export type Weight =
	| "danger"
	| "clock"
	| "stale"
	| "heard"
	| "missing"
	| "day"
	| "unsettled"
	| "held"
	| "told"
	| "dose"
	| "apart"
	| "missed";

export interface Line {
	text: string;
	weight: Weight;
}

/** Each line of `shown.says` with its weight, in their order. `packet` is the one that it was shown of. */
export function lines(packet: Packet, shown: Shown): Line[] {
	return shown.says.map((text) => ({ text, weight: weightOf(packet, shown, text) }));
}

function weightOf({ words, days, doses, guard, signs, alarms }: Packet, shown: Shown, text: string): Weight {
	if (text === words.clock_behind) return "clock";
	if (text === words.stale) return "stale";
	if (text === words.last_heard) return "heard";
	if (text === words.unsettled) return "unsettled";
	if (text === words.ask_first) return "danger";
	if (alarms.some((one) => one.level === "E" && one.text === text)) return "danger";
	if (text === guard.text || guard.held.some((one) => one.text === text)) return "held";
	if (words.missing.includes(text)) return "missing";
	if (shown.ask_first && signs.some((one) => one.act === text)) return "danger";
	if (days.some((one) => one.says.includes(text))) return "day";
	if (shown.due !== null && doses.some((one) => [one.take, one.late, one.until].includes(text))) return "dose";
	if (shown.wait_until !== null && days.some((one) => one.apart === text)) return "apart";
	if (doses.some((one) => one.missed === text)) return "missed";
	return "told"; // what somebody said who was asked: the only text that is not the packet's own
}
