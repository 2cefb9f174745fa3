// One function says a message: a whole template by its key, with its facts put in. No sentence is put together from parts.

import { english } from "./english";
import { LANGUAGES, languageFor } from "./languages";
import { spoken, spokenNow } from "./spoken";

export { spoken };

export type Key = keyof typeof english;
/** A template; or one for each plural form, chosen by the fact `n`. */
export type Template = string | Readonly<Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }>;
export type Facts = Readonly<Record<string, string | number>>;

let catalogue: Readonly<Record<string, Template>> = english;
let plural = new Intl.PluralRules("en");
const AMOUNT = /\d\.\d+(?= ?(?:mg|mL|kg)\b)/g;
const ALONE = /^\d+\.\d+ (?:mg|mL|kg)$/;

/** Speak another language from now on. A key that it lacks is said in English, and a test finds it. */
export function speak(tag: string, words: Readonly<Record<string, Template>>): void {
	catalogue = { ...english, ...words };
	plural = new Intl.PluralRules(tag);
	spokenNow(tag);
}

/** Speak the language for a choice, where its words can be had. */
export async function speakAs(chosen: string): Promise<void> {
	const tag = languageFor(chosen, navigator.languages);
	if (tag === spoken()) return;
	const words = await LANGUAGES.find((one) => one.tag === tag)?.words();
	if (words !== undefined) speak(tag, words);
}

/** A text with its amounts as the language writes them: `12.5 mg`, or `12,5 mg`. */
export function amount(text: string): string {
	return spoken() === "en" ? text : text.replace(AMOUNT, (found) => decimal(found));
}

/** A number as the language writes it: `62.5`, or `62,5`. */
export function decimal(number: number | string): string {
	return spoken() === "en" ? String(number) : String(number).replace(".", ",");
}

/** The sentence of a message. */
export function t(key: Key, facts: Facts = {}): string {
	const found: Template = catalogue[key] ?? english[key];
	const template = typeof found === "string" ? found : (found[plural.select(Number(facts.n))] ?? found.other);
	return template.replace(/\{(\w+)\}(\.?)/g, (_, name: string, stop: string) => {
		const fact = facts[name];
		if (fact === undefined) throw new RangeError(`${key} needs ${name}`);
		if (typeof fact === "number") return decimal(fact) + stop;
		const ended = spoken() !== "en" && fact.endsWith(".") && !fact.endsWith(".."); // a short month ends in one: Di. 1. Dez.
		return (ALONE.test(fact) ? amount(fact) : fact) + (ended ? "" : stop);
	});
}
