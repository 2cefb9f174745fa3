// Unwanted effects by how common and by how grave they can be. The numbers and the words are the sources' own.

import type { Schemas } from "../../server/ask";

export type Effect = Schemas["ReactionOut"];
export type Frequency = Schemas["FrequencyOut"];
export type Sign = Schemas["SignOut"];

/** From the most common to what nobody counted. */
export const COMMON = ["very-common", "common", "uncommon", "rare", "very-rare", "uncounted"] as const;
export type HowCommon = (typeof COMMON)[number];
/** The gravest that an effect can be a sign of; `none` is no danger sign. */
export const GRAVITY = ["E", "D", "V", "none"] as const;
export type Gravity = (typeof GRAVITY)[number];

// The classes that the sources print: at least 1 in 10, at least 1 in 100, in 1,000, in 10,000.
const LEAST: readonly (readonly [HowCommon, number])[] = [
	["very-common", 10],
	["common", 1],
	["uncommon", 0.1],
	["rare", 0.01],
];

/** The most common class that any source gives it in words; where none does, the class of the highest share that was counted. */
export function howCommon({ frequencies }: Effect): HowCommon {
	const said = frequencies.map(classSaid).filter((one) => one !== null);
	const all = said.length > 0 ? said : frequencies.map(classCounted);
	return COMMON[Math.min(COMMON.length - 1, ...all.map((one) => COMMON.indexOf(one)))] ?? "uncounted";
}

function classSaid({ words }: Frequency): HowCommon | null {
	const said = words?.split(" (")[0]?.replace(" ", "-");
	return COMMON.slice(0, -1).find((one) => one === said) ?? null;
}

function classCounted({ percent_low, percent_high }: Frequency): HowCommon {
	const most = Number(percent_high ?? percent_low ?? Number.NaN);
	if (Number.isNaN(most)) return "uncounted";
	return LEAST.find(([, least]) => most >= least)?.[0] ?? "very-rare";
}

/** The danger signs that it can be, the gravest first. */
export function signsOf(effect: Effect, signs: readonly Sign[]): Sign[] {
	return signs
		.filter(({ id }) => effect.danger_signs.includes(id))
		.sort((one, other) => GRAVITY.indexOf(one.level as Gravity) - GRAVITY.indexOf(other.level as Gravity));
}

export function gravityOf(effect: Effect, signs: readonly Sign[]): Gravity {
	return (signsOf(effect, signs)[0]?.level as Gravity | undefined) ?? "none";
}

/** Effects in groups, in the order of the groups; empty groups are left out. */
export function grouped<G extends string>(
	effects: readonly Effect[],
	groups: readonly G[],
	of: (effect: Effect) => G,
): { group: G; effects: Effect[] }[] {
	return groups
		.map((group) => ({ group, effects: effects.filter((one) => of(one) === group) }))
		.filter((one) => one.effects.length > 0);
}
