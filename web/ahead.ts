// The page names everything of the first screen, so that it comes in one go, beside the little that comes first (src/main.ts).

import type { Plugin, Rolldown } from "vite";

const APP = "/src/begin.ts";

/** What is always loaded lies in two files: the one that begins, and all else of the first screen. */
export const FIRST = [
	{ name: "main", test: /\/src\/main\.ts$|rolldown\/runtime/, priority: 2 },
	{ name: "app", test: /\/src\/begin\.ts$/, priority: 1 },
];

/** Adds the app's own chunks and styles to the page that is built. */
export function ahead(): Plugin {
	return {
		name: "gradatim-ahead",
		transformIndexHtml: {
			order: "post",
			handler: (page, { bundle = {} }) =>
				files(bundle)
					.filter((name) => !page.includes(name))
					.map((name) => ({
						tag: "link",
						attrs: {
							rel: name.endsWith(".css") ? "stylesheet" : "modulepreload",
							crossorigin: true,
							href: `/app/${name}`,
						},
						injectTo: "head",
					})),
		},
	};
}

/** What the app's own chunk needs before it can run, itself included. */
function files(bundle: Rolldown.OutputBundle): string[] {
	const found = new Set<string>();
	const chunks = Object.values(bundle).filter((one) => one.type === "chunk");
	const wanted = chunks.filter((one) => one.moduleIds.some((id) => id.endsWith(APP)));
	for (const chunk of wanted) {
		if (found.has(chunk.fileName)) continue;
		found.add(chunk.fileName);
		for (const style of chunk.viteMetadata?.importedCss ?? []) found.add(style);
		wanted.push(...chunks.filter((one) => chunk.imports.includes(one.fileName)));
	}
	return [...found];
}
