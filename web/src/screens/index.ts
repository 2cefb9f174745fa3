// Every screen by its name in the address. What is needed first, and in danger, comes with the first load; the rest when it is opened.

import type { Component } from "svelte";
import { type Key, t } from "../words";
import Danger from "./danger/Danger.svelte";
import Now from "./now/Now.svelte";

type Open = () => Promise<{ default: Component }>;
const at =
	(screen: unknown): Open =>
	() =>
		Promise.resolve({ default: screen as Component });

export const SCREENS: { now: Open } & Record<string, Open> = {
	now: at(Now),
	danger: at(Danger),
	welcome: () => import("./welcome/Welcome.svelte"),
	checkin: () => import("./checkin/CheckIn.svelte"),
	plan: () => import("./plan/Plan.svelte"),
	build: () => import("./build/Build.svelte"),
	papers: () => import("./papers/Papers.svelte"),
	insight: () => import("./insight/Insight.svelte"),
	history: () => import("./history/History.svelte"),
	box: () => import("./box/Box.svelte"),
	learn: () => import("./learn/Learn.svelte"),
	more: () => import("./more/More.svelte"),
	settings: () => import("./settings/Settings.svelte"),
	people: () => import("./people/People.svelte"),
	signin: () => import("./signin/SignIn.svelte"),
	account: () => import("./account/Account.svelte"),
};

/** What a screen is called. */
export function titleOf(screen: string): string {
	return t(`${screen in SCREENS ? screen : "now"}.title` as Key);
}
