/// <reference types="svelte" />
/// <reference types="vite/client" />

/** The words of a language, made from its catalogue. */
declare module "words:*" {
	const words: Readonly<Record<string, string | Readonly<{ one: string; other: string }>>>;
	export default words;
}
