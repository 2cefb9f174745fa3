import { vitePreprocess } from "@sveltejs/vite-plugin-svelte";

/** @type {import("svelte/compiler").CompileOptions & Record<string, unknown>} */
export default {
	preprocess: vitePreprocess(),
	compilerOptions: { runes: true },
	onwarn(warning) {
		throw new Error(`${warning.filename}: ${warning.message}`); // a warning of the compiler about accessibility is an error
	},
};
