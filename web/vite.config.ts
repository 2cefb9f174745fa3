import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";
import { VitePWA } from "vite-plugin-pwa";
import { ahead, FIRST } from "./ahead.ts";
import { catalogues } from "./catalogue.ts";

// The built app lies beside the server that gives it, and is part of the Python package.
export default defineConfig({
	base: "/app/",
	build: {
		outDir: "../src/gradatim/server/app",
		emptyOutDir: true,
		target: "es2022",
		assetsInlineLimit: 0, // nothing inline: the content security policy allows no such thing
		modulePreload: { polyfill: false },
		reportCompressedSize: false,
		rolldownOptions: { checks: { pluginTimings: false }, output: { codeSplitting: { groups: FIRST } } },
	},
	plugins: [
		svelte(),
		catalogues(),
		ahead(),
		VitePWA({
			strategies: "injectManifest",
			srcDir: "src",
			filename: "worker.ts",
			injectRegister: false,
			manifest: {
				name: "Gradatim",
				short_name: "Gradatim",
				description: "Baclofen, step by step.",
				start_url: "/app/",
				scope: "/app/",
				display: "standalone",
				background_color: "#FBF7F0",
				theme_color: "#FBF7F0",
				icons: [
					{ src: "icon-192.png", sizes: "192x192", type: "image/png" },
					{ src: "icon-512.png", sizes: "512x512", type: "image/png" },
					{ src: "icon-maskable.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
					{ src: "icon.svg", sizes: "any", type: "image/svg+xml" },
				],
			},
			injectManifest: { globPatterns: ["**/*.{js,css,html,svg,png,woff2,webmanifest}"] },
		}),
	],
	test: { include: ["tests/**/*.test.ts"], environment: "node" },
} as Parameters<typeof defineConfig>[0]);
