// Search in what is known: every word of the question has to be there, accents or not, in any order.

export interface Page {
	/** What kind of thing it is, to be read: Side effect, Other medicines… */
	kind: string;
	title: string;
	text: string;
	/** More that it is found by: names of medicines, keys of sources. */
	also?: string;
	/** Where it stands, behind the number sign. */
	to: string;
}

export interface Found extends Page {
	/** The part of the text with the words in it. */
	part: string;
}

const LETTERS: Record<string, string> = { ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ı: "i" };
const PART = 160; // letters

/** Small letters without accents, one space between words. */
export function plain(text: string): string {
	return text
		.normalize("NFD")
		.replace(/\p{M}/gu, "")
		.toLowerCase()
		.replace(/[ßæœøłđı]/g, (one) => LETTERS[one] ?? one)
		.replace(/[^\p{L}\p{N}%]+/gu, " ")
		.trim();
}

/** Pages that hold every word of the question as the beginning of a word; those that have them in their title first. */
export function find(pages: readonly Page[], question: string): Found[] {
	const words = plain(question).split(" ").filter(Boolean);
	if (words.length === 0) return [];
	const found: { page: Page; weight: number; place: number }[] = [];
	for (const [place, page] of pages.entries()) {
		const title = ` ${plain(page.title)} `;
		const all = `${title}${plain(page.text)} ${plain(page.also ?? "")} `;
		if (!words.every((word) => all.includes(` ${word}`))) continue;
		const weight = words.reduce((sum, word) => sum + weighed(word, title, page.also), 0);
		found.push({ page, weight, place });
	}
	found.sort((one, other) => other.weight - one.weight || one.place - other.place);
	return found.map(({ page }) => ({ ...page, part: part(page.text, words) }));
}

function weighed(word: string, title: string, also = ""): number {
	if (title.includes(` ${word} `)) return 4;
	if (title.includes(` ${word}`)) return 3;
	return ` ${plain(also)}`.includes(` ${word}`) ? 2 : 1;
}

/** About so many letters of a text, from the sentence in which the first of the words stands. */
function part(text: string, words: readonly string[]): string {
	const sentences = text.split(/(?<=[.!?])\s+/);
	const first = sentences.findIndex((one) => words.some((word) => ` ${plain(one)}`.includes(` ${word}`)));
	const from = sentences.slice(Math.max(0, first)).join(" ");
	if (from.length <= PART) return from;
	return `${from.slice(0, from.lastIndexOf(" ", PART))} …`;
}
