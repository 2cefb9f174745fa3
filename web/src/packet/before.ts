// What has to be seen before a dose is recorded: the rules of gradatim.domain.taking, by comparison, in the packet's words. They never stop
// somebody from writing down what has happened; what was seen and passed over is named in the entry.

import type { Schemas } from "../server/ask";
import { plus } from "./instant";
import { show } from "./show";
import type { Packet, PacketDose, Shown, State, Unsent } from "./types";

export type Caution = Schemas["PacketCaution"];

/** A dose that is about to be recorded as taken: when, and how much in micrograms. */
export interface Taking {
	dose: PacketDose;
	state: State;
	at: string;
	micrograms: number;
}

/** The cautions before a planned dose. `packet` and `unsent` as they are laid over each other, `shown` of the same moment `now`. */
export function cautions(
	packet: Packet,
	shown: Shown,
	unsent: readonly Unsent[],
	now: string,
	taking: Taking,
): Caution[] {
	const { dose, state, at, micrograms } = taking;
	if (past(packet, at, now)) return []; // that is history: no guard can prevent it any more
	const rules: string[] = [];
	const day = packet.days.find((one) => one.day === dose.day);
	const last = lastTaking(packet, unsent, at);
	const ahead = dose.due > plus(at, packet.guard.on_time_minutes * 60);
	const soon = (minutes: number | null | undefined): boolean =>
		last !== null && minutes != null && at < plus(last, minutes * 60);
	if (shown.ask_first) rules.push("guard-emergency");
	if (show(packet, at, unsent).held_since !== null) rules.push("guard-gap");
	if (DEALT.includes(state)) rules.push("guard-dealt");
	else if (state === "missed") rules.push("guard-missed");
	if (ahead && (last === null || soon(day?.usual_apart))) rules.push("guard-early");
	else if (soon(day?.least_apart)) rules.push("guard-close");
	if (shown.told !== null && micrograms === dose.micrograms && (last === null || last <= shown.told))
		rules.push("guard-told");
	if (micrograms > dose.micrograms) rules.push("guard-more");
	else if (micrograms < dose.micrograms) rules.push("guard-less");
	return named(packet, rules);
}

/** The cautions before drug beside the plan: always one, unless it is history. */
export function cautionsBeside(packet: Packet, shown: Shown, now: string, at: string): Caution[] {
	if (past(packet, at, now)) return [];
	return named(packet, shown.held_since === null ? ["guard-extra"] : ["guard-gap", "guard-extra"]);
}

const DEALT: readonly State[] = ["taken", "skipped", "unsure"];

function past(packet: Packet, at: string, now: string): boolean {
	return now > plus(at, packet.just_now_minutes * 60);
}

function lastTaking(packet: Packet, unsent: readonly Unsent[], at: string): string | null {
	const own = unsent.filter((one) => one.kind === "dose-taken" || one.kind === "extra-dose");
	const all = [...packet.takings, ...own].map((one) => one.at).filter((when) => when <= at);
	return all.toSorted().at(-1) ?? null;
}

function named(packet: Packet, rules: readonly string[]): Caution[] {
	return rules.flatMap((rule) => packet.cautions.find((one) => one.rule === rule) ?? []);
}
