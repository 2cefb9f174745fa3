// How the app looks on this device: set on the root element, where the style reads it.

import { keepSetting, setting } from "../kept/settings";

export interface Looks {
	colours: "auto" | "light" | "dark";
	contrast: "auto" | "more";
	text: "usual" | "large";
	spacing: "usual" | "wide";
	hand: "right" | "left";
	simple: boolean;
}

const USUAL: Looks = {
	colours: "auto",
	contrast: "auto",
	text: "usual",
	spacing: "usual",
	hand: "right",
	simple: false,
};

class Chosen {
	now = $state<Looks>({ ...USUAL });

	async recall(): Promise<void> {
		this.now = { ...USUAL, ...(await setting<Partial<Looks>>("looks", {})) };
		this.#show();
		for (const query of ["(prefers-color-scheme: dark)", "(prefers-contrast: more)"]) {
			matchMedia(query).addEventListener("change", () => this.#show());
		}
	}

	async set(change: Partial<Looks>): Promise<void> {
		this.now = { ...this.now, ...change };
		this.#show();
		await keepSetting("looks", $state.snapshot(this.now));
	}

	#show(): void {
		const { colours, contrast, text, spacing, hand } = this.now;
		const dark = colours === "dark" || (colours === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
		const more = contrast === "more" || matchMedia("(prefers-contrast: more)").matches;
		Object.assign(document.documentElement.dataset, {
			colours: dark ? "dark" : "light",
			contrast: more ? "more" : "usual",
			text,
			spacing,
			hand,
		});
	}
}

export const looks = new Chosen();
