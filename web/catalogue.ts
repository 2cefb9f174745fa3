// The words of the app in another language, out of the one catalogue that it shares with the program: `import words from "words:de"`.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { po } from "gettext-parser";
import type { Plugin } from "vite";

const NAME = /^words:([a-z]{2,3})$/;

/** A text with the English that it was made from, each with its plural forms where it has them. */
export interface Translated {
	english: string | Record<string, string>;
	said: string | Record<string, string>;
}

/** Everything of the app that the catalogue of a language says, by its key. What is not translated is not there. */
export function translations(language: string): Map<string, Translated> {
	const found = new Map<string, Translated>();
	const read = po.parse(readFileSync(fileOf(language)), { defaultCharset: "utf-8" });
	for (const [key, texts] of Object.entries(read.translations)) {
		for (const { msgid, msgid_plural: many, msgstr, comments } of Object.values(texts)) {
			if (comments?.extracted !== "app" || comments.flag?.includes("fuzzy") || msgstr.some((one) => one === ""))
				continue;
			const [first = "", last = first] = [msgstr[0], msgstr.at(-1)];
			if (many === undefined) found.set(key, { english: msgid, said: first });
			else found.set(key, { english: { one: msgid, other: many }, said: { one: first, other: last } });
		}
	}
	return found;
}

function fileOf(language: string): string {
	return fileURLToPath(new URL(`../src/gradatim/languages/${language}.po`, import.meta.url));
}

/** Makes a module of each language. */
export function catalogues(): Plugin {
	return {
		name: "gradatim-words",
		resolveId: (id) => (NAME.test(id) ? `\0${id}` : null),
		load(id) {
			const language = id.startsWith("\0") ? NAME.exec(id.slice(1))?.[1] : undefined;
			if (language === undefined) return null;
			this.addWatchFile(fileOf(language));
			const words = Object.fromEntries([...translations(language)].map(([key, { said }]) => [key, said]));
			return `export default ${JSON.stringify(words)};`;
		},
	};
}
