// What stands behind a fact: `US-TAB [T]` is a key of the bibliography and how much of the source was seen.

import type { Schemas } from "../../server/ask";

export type Source = Schemas["SourceOut"];

export interface Cited {
	key: string;
	title: string;
	/** How much of it was seen, in words; nothing where that is not told. */
	seen: string | null;
}

export interface Bibliography {
	sources: Readonly<Record<string, Source>>;
	evidence: Readonly<Record<string, string>>;
}

/** The sources of a fact with their titles. */
export function cited(source: readonly string[], { sources, evidence }: Bibliography): Cited[] {
	return source.map((one) => {
		const [, key = one, letter = ""] = /^(.*?)(?: \[(.)\])?$/.exec(one) ?? [];
		return { key, title: sources[key]?.title ?? key, seen: evidence[letter] ?? null };
	});
}

/** Where a source can be read on the web, or null where its address is none: a name, or a place inside a site. */
export function link(address: string | null | undefined): string | null {
	if (!address) return null;
	if (/^10\.\d{4,}\/\S+$/.test(address)) return `https://doi.org/${encodeURI(address)}`;
	const pubmed = /^PMID (\d+)$/.exec(address);
	if (pubmed !== null) return `https://pubmed.ncbi.nlm.nih.gov/${pubmed[1]}/`;
	const site = /^(?:https:\/\/)?((?:[a-z0-9-]+\.)+[a-z]{2,}(?:\/[^\s,]*)?)$/i.exec(address);
	return site === null ? null : `https://${site[1]}`;
}
