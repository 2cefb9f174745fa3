// Where a person is after something changed: what appears is focused, so that a keyboard and a voice go on from it.

/** For an element that is no control (`tabindex="-1"`): focus it when it appears. */
export function here(node: HTMLElement): void {
	node.focus({ preventScroll: true });
	node.scrollIntoView({ block: "nearest" });
}
