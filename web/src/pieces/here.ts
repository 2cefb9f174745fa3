// Where a person is after something changed: what appears is focused, so that a keyboard and a voice go on from it.

/** For an element that is no control (`tabindex="-1"`): focus it when it appears. `start`: at the top, because more follows it. */
export function here(node: HTMLElement, at: "near" | "start" | "leave" = "near"): void {
	if (at === "leave") return;
	node.focus({ preventScroll: true });
	node.scrollIntoView({ block: at === "start" ? "start" : "nearest" });
}
