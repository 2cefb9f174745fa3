// How the app looks and listens on this device: set on the root element, where the style reads it.

import { keepSetting, setting } from "../kept/settings";
import { speakAs, spoken } from "../words";
import { rightToLeft } from "../words/languages";
import { type Hours, write } from "../words/time";

export interface Looks {
	colours: "auto" | "light" | "dark";
	contrast: "auto" | "more";
	text: "usual" | "large";
	spacing: "usual" | "wide";
	hand: "right" | "left";
	/** One screen, in words. */
	simple: boolean;
	/** Milliseconds in which a second tap does not count; 0: every tap does. */
	apart: number;
	/** Milliseconds for which a button is held to press it; 0: a tap is enough. */
	hold: number;
	/** One switch is used: Enter and the space bar go on in a choice too. */
	oneSwitch: boolean;
	/** Titles and notices say the name of the app and nothing else. */
	neutral: boolean;
	language: string;
	hours: Hours | "auto";
}

const USUAL: Looks = {
	colours: "auto",
	contrast: "auto",
	text: "usual",
	spacing: "usual",
	hand: "right",
	simple: false,
	apart: 0,
	hold: 0,
	oneSwitch: false,
	neutral: false,
	language: "auto",
	hours: "auto",
};

class Chosen {
	now = $state<Looks>({ ...USUAL });
	/** Changes when what is on the screen has to be written anew: another language, another way to write times. */
	writing = $state("");
	/** The language that is spoken. */
	language = $state(spoken());

	async recall(): Promise<void> {
		this.now = { ...USUAL, ...(await setting<Partial<Looks>>("looks", {})) };
		await this.#show();
		for (const query of ["(prefers-color-scheme: dark)", "(prefers-contrast: more)"]) {
			matchMedia(query).addEventListener("change", () => void this.#show());
		}
	}

	async set(change: Partial<Looks>): Promise<void> {
		this.now = { ...this.now, ...change };
		await this.#show();
		await keepSetting("looks", $state.snapshot(this.now));
	}

	async #show(): Promise<void> {
		const { colours, contrast, text, spacing, hand, simple, hold, language, hours } = this.now;
		const dark = colours === "dark" || (colours === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
		const more = contrast === "more" || matchMedia("(prefers-contrast: more)").matches;
		const root = document.documentElement;
		Object.assign(root.dataset, {
			colours: dark ? "dark" : "light",
			contrast: more ? "more" : "usual",
			text,
			spacing,
			hand,
			simple: simple ? "yes" : "no",
			hold: hold > 0 ? "yes" : "no",
		});
		write(hours);
		await speakAs(language).catch(() => undefined); // its words are not here: the language before stays
		root.lang = spoken();
		root.dir = rightToLeft(spoken()) ? "rtl" : "ltr";
		this.language = spoken();
		this.writing = `${spoken()} ${hours}`;
	}
}

export const looks = new Chosen();
