// For every keyboard: a key that is held presses once. For one switch, that is for Tab and one key to press with, where the settings say that
// one is used: a choice needs no arrow key. Enter and the space bar choose what has the focus,
// and pressed again on what is chosen they go on to the next of the group, as the arrow would; Enter goes on in a list that opens; the
// space bar follows a link too. A choice never sends its form by the way.

import { looks } from "./looks.svelte";

const PRESSED = "button, a[href], summary, input, [role='button']";

/** Listen from now on. */
export function begin(): void {
	window.addEventListener("keydown", pressed);
}

/** Where the key that is held went down. */
let down: EventTarget | null = null;

function pressed(event: KeyboardEvent): void {
	const on = event.target;
	if (event.defaultPrevented || event.isComposing || (event.key !== "Enter" && event.key !== " ")) return;
	if (!event.repeat) down = on;
	else if (on instanceof HTMLElement && again(on, event.key)) {
		event.preventDefault();
		return;
	}
	if (!looks.now.oneSwitch) return;
	if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
	const act = on instanceof HTMLElement ? meaning(on, event.key) : null;
	if (act === null) return; // the browser does it itself
	event.preventDefault();
	if (!event.repeat) act(); // a key that is held is one press
}

/** Whether a key that is held would press once more, or something else that has the focus since. The browser presses with Enter at every
 * repetition, and with the space bar when it is let go. */
function again(on: HTMLElement, key: string): boolean {
	if (!on.matches(PRESSED)) return false;
	if (key === "Enter") return true;
	const types = on instanceof HTMLInputElement && !["button", "checkbox", "radio", "submit"].includes(on.type);
	return on !== down && !types;
}

function meaning(on: HTMLElement, key: string): (() => void) | null {
	if (on instanceof HTMLAnchorElement) return key === " " ? () => on.click() : null;
	if (on instanceof HTMLSelectElement) return key === "Enter" ? () => onwards(on) : null;
	if (!(on instanceof HTMLInputElement)) return null;
	if (on.type === "checkbox") return key === "Enter" ? () => on.click() : null;
	return on.type === "radio" ? () => choose(on) : null;
}

/** What has the focus; or, where it is chosen already, the next of its group that can be, and after the last one the first. */
function choose(on: HTMLInputElement): void {
	const all = [...document.querySelectorAll<HTMLInputElement>("input[type='radio']:not(:disabled)")];
	const shown = all.filter((one) => one === on || one.checkVisibility());
	const group = shown.filter((one) => one === on || (one.name === on.name && one.form === on.form && one.name !== ""));
	const next = on.checked ? (group[(group.indexOf(on) + 1) % group.length] ?? on) : on;
	next.focus();
	next.click();
}

function onwards(list: HTMLSelectElement): void {
	const next = following([...list.options].map(offered), list.selectedIndex);
	if (next === list.selectedIndex) return;
	list.selectedIndex = next;
	for (const name of ["input", "change"]) list.dispatchEvent(new Event(name, { bubbles: true }));
}

function offered(one: HTMLOptionElement): boolean {
	const group = one.parentElement instanceof HTMLOptGroupElement && one.parentElement.disabled;
	return !one.disabled && !one.hidden && !group;
}

/** The next place behind one that may be chosen, and after the last the first; the same one where there is no other. */
export function following(may: readonly boolean[], at: number): number {
	for (let step = 1; step <= may.length; step += 1) {
		const next = (at + step) % may.length;
		if (may[next]) return next;
	}
	return at;
}
