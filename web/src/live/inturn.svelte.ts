// A long screen is built piece by piece, with room between for a tap: its first piece at once, the others each in their turn.

export class InTurn {
	/** How many pieces may be there by now. */
	now = $state(1);
}

/** Counts up until all pieces are there, and from then on they stay; null while nobody knows how many. For the script of a component. */
export function inTurn(pieces: () => number | null): InTurn {
	const found = new InTurn();
	$effect(() => {
		const all = pieces();
		if (all === null) return;
		if (found.now >= all) {
			found.now = Number.POSITIVE_INFINITY;
			return;
		}
		const soon = setTimeout(() => {
			found.now += 1;
		});
		return () => clearTimeout(soon);
	});
	return found;
}
