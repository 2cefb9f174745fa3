// The staircase in words: whole sentences, for those who do not see it and for the table beside it.

import { type Key, t } from "../../words";
import { dayText } from "../days";
import type { Held, Stairs } from "./stairs";

/** The whole figure in a few sentences. */
export function summary(stairs: Stairs, held: Held | null = null): string {
	const [first, last] = [stairs.treads[0], stairs.treads.at(-1)];
	if (first === undefined || last === undefined) return "";
	const said = [
		stairs.treads.length === 1
			? t("stairs.one", { mg: first.mg, first: dayText(first.first), last: dayText(last.last) })
			: t("stairs.says", {
					n: stairs.treads.length,
					from: first.mg,
					first: dayText(first.first),
					to: last.mg,
					last: dayText(last.first),
					highest: stairs.highest_mg,
				}),
	];
	if (stairs.gates.length > 0) said.push(t("stairs.gates", { n: stairs.gates.length }));
	if (stairs.today !== null) {
		const on = stairs.treads.find((one) => one.first <= (stairs.today ?? "") && (stairs.today ?? "") <= one.last);
		const mg = held?.mg ?? on?.mg ?? 0;
		const facts = { day: dayText(stairs.today), mg };
		said.push(held === null ? t("stairs.now", facts) : t("stairs.held", facts));
	}
	return said.join(" ");
}

/** The times of the day that have a dose anywhere in it. */
export function timesOf(stairs: Stairs): string[] {
	const most = stairs.treads.reduce((best, one) => (one.doses.length > best.doses.length ? one : best), {
		doses: [] as { time: string; mg: number }[],
	});
	return most.doses.map((dose) => dose.time);
}

const KINDS = ["rising", "hold", "cut", "stopped"] as const;
const ANSWERERS = ["person", "carer", "clinician"] as const;

/** Which way a step goes. */
export function kindText(kind: string): string {
	const known = KINDS.find((one) => one === kind);
	return known === undefined ? kind : t(`stairs.${known}` satisfies Key);
}

/** Who must say "go on" before a step. */
export function gateText(by: string): string {
	const known = ANSWERERS.find((one) => one === by);
	return known === undefined ? by : t(`stairs.gate-${known}` satisfies Key);
}

/** Who may say "go on", as a word in a list. */
export function answererText(by: string): string {
	const known = ANSWERERS.find((one) => one === by);
	return known === undefined ? by : t(`stairs.by-${known}` satisfies Key);
}
