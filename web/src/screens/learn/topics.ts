// Which texts of the monograph stand together under one heading. A text that is named nowhere here is found under `more`.

import type { Schemas } from "../../server/ask";

export type Topic = Schemas["TopicOut"];

export const TOPICS = {
	stopping: ["stopping", "withdrawal", "symptoms-while-stopping", "supply"],
	taking: ["timing", "bedtime", "food", "water", "measuring-liquid", "onset"],
	driving: ["driving"],
	alcohol: ["alcohol"],
	overdose: ["overdose", "children-safe"],
	storage: /^storage-/,
	pregnancy: ["pregnancy", "breast-feeding"],
	works: ["how-it-works", "brain-levels", "not-known"],
	clinicians: /-(evidence|treatment)$|^blood-levels$/,
	more: /^/,
} as const;
export type Heading = keyof typeof TOPICS;
export const HEADINGS = Object.keys(TOPICS) as Heading[];

/** Under which heading a text stands: the first that names it. */
export function headingOf(id: string): Heading {
	const names = (which: readonly string[] | RegExp): boolean => ("test" in which ? which.test(id) : which.includes(id));
	return HEADINGS.find((one) => names(TOPICS[one])) ?? "more";
}

/** The texts of a heading, in the order in which the heading names them. */
export function under(heading: Heading, topics: readonly Topic[]): Topic[] {
	const mine = topics.filter(({ id }) => headingOf(id) === heading);
	const order: readonly string[] | RegExp = TOPICS[heading];
	if ("test" in order) return mine;
	return mine.sort((one, other) => order.indexOf(one.id) - order.indexOf(other.id));
}
