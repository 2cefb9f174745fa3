// What was written down about the box a moment ago, so that the page can say it and offer to take it back.

export interface Just {
	text: string;
	entries: string[];
}

class Told {
	now = $state.raw<Just | null>(null);
}

export const told = new Told();
