// For one switch, that is for Tab and one key to press with: a choice needs no arrow key. Enter and the space bar choose what has the focus,
// and pressed again on what is chosen they go on to the next of the group, as the arrow would; Enter goes on in a list that opens; the
// space bar follows a link too. A choice never sends its form by the way.

/** Listen from now on. */
export function begin(): void {
	window.addEventListener("keydown", pressed);
}

function pressed(event: KeyboardEvent): void {
	const on = event.target;
	if (event.defaultPrevented || event.isComposing || (event.key !== "Enter" && event.key !== " ")) return;
	if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
	const act = on instanceof HTMLElement ? meaning(on, event.key) : null;
	if (act === null) return; // the browser does it itself
	event.preventDefault();
	if (!event.repeat) act(); // a key that is held is one press
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
	const group = all.filter((one) => one === on || (one.name === on.name && one.form === on.form && one.name !== ""));
	const next = on.checked ? (group[(group.indexOf(on) + 1) % group.length] ?? on) : on;
	next.focus();
	next.click();
}

function onwards(list: HTMLSelectElement): void {
	list.selectedIndex = (list.selectedIndex + 1) % list.options.length;
	for (const name of ["input", "change"]) list.dispatchEvent(new Event(name, { bubbles: true }));
}
