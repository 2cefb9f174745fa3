// What is being filled in: it survives leaving the screen, and no more. Nothing of an earlier check-in is ever put in.

import { me } from "../../live/me.svelte";

export interface Draft {
	record: string | null;
	begun: number;
	/** The answers, in the scale's own steps; by the id of the question. */
	scores: Record<string, number>;
	/** How far a goal was reached; by its text. */
	goals: Record<string, number>;
	/** Signs and side effects by their ids. */
	signs: string[];
	events: string[];
	note: string;
}

const OLD = 60 * 60_000; // milliseconds: what was begun longer ago is of another check-in

class Filling {
	draft = $state<Draft>(blank());
	/** What was recorded last. Undo stays beside it until the next check-in begins. */
	done: string[] | null = $state.raw(null);

	/** The screen is opened. */
	begin(): void {
		this.done = null;
		if (this.draft.record !== me.record || Date.now() - this.draft.begun > OLD) this.draft = blank();
	}

	clear(): void {
		this.draft = blank();
	}

	get empty(): boolean {
		const { scores, goals, signs, events, note } = this.draft;
		const some = Object.keys(scores).length + Object.keys(goals).length + signs.length + events.length;
		return some === 0 && note.trim() === "";
	}
}

function blank(): Draft {
	return { record: me.record, begun: Date.now(), scores: {}, goals: {}, signs: [], events: [], note: "" };
}

export const filling = new Filling();
