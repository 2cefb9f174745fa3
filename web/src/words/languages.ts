// The languages that the app can speak. Another one is a line here and its catalogue.

import type { Template } from ".";

export interface Language {
	tag: string;
	/** Its name in itself. */
	name: string;
	words(): Promise<Readonly<Record<string, Template>>>;
}

export const LANGUAGES: readonly Language[] = [
	{ tag: "en", name: "English", words: async () => ({}) },
	{ tag: "de", name: "Deutsch", words: async () => (await import("words:de")).default },
	{ tag: "es", name: "Español", words: async () => (await import("words:es")).default },
	{ tag: "fr", name: "Français", words: async () => (await import("words:fr")).default },
];

/** The language for a choice: the one chosen, or the first of the device's that is here, or English. */
export function languageFor(chosen: string, device: readonly string[], known = LANGUAGES): string {
	for (const wanted of chosen === "auto" ? device : [chosen, ...device]) {
		const found = known.find(({ tag }) => tag === wanted) ?? known.find(({ tag }) => tag === wanted.split("-")[0]);
		if (found !== undefined) return found.tag;
	}
	return "en";
}

/** Whether a language is written from right to left. */
export function rightToLeft(tag: string): boolean {
	return ["ar", "fa", "he", "ur"].includes(tag.split("-")[0] ?? "");
}
