// Asks the server about a draft while somebody types: a moment after the last key, the last question wins, and an answer to an earlier
// question is never shown as the present one.

import { ask, type Schemas } from "../../server/ask";
import { type Fault, Problem, Unreachable } from "../../server/problem";
import type { Question } from "./order";
import { type Beside, differing, faultsBeside, findingsBeside } from "./told";

export type Made = Schemas["PlanOut"] & Partial<Pick<Schemas["ChangedOut"], "changes" | "held">>;
const AFTER = 300; // milliseconds after the last key
const AGAIN = 5000; // and between two tries while nobody answers

export interface Answered {
	question: Question;
	key: string;
	made: Made | null;
	faults: readonly Fault[];
	/** Rows of a paper whose answer is made of other tablets than were typed. */
	differing: number[];
	beside: Beside[];
}

export class Checker {
	/** The last answer; it may be to an earlier question. */
	answered = $state.raw<Answered | null>(null);
	/** Nobody answers. */
	unreachable = $state(false);
	/** Why the server refused to look at all, in its own words. */
	refused = $state("");
	#wanted = $state<string | null>(null);
	#question: Question | null = null;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#stop: AbortController | null = null;

	/** The answer to what stands there now, or null. */
	current = $derived(this.answered !== null && this.answered.key === this.#wanted ? this.answered : null);
	/** An answer is awaited. */
	checking = $derived(this.#wanted !== null && this.current === null);

	/** What is to be checked now; null: nothing can be. The same again asks nothing. */
	want(question: Question | null): void {
		const key = question === null ? null : JSON.stringify([question.path, question.body]);
		if (key === this.#wanted) {
			this.#question = question;
			return;
		}
		this.#wanted = key;
		this.#question = question;
		clearTimeout(this.#timer);
		this.#stop?.abort();
		if (key !== null) this.#timer = setTimeout(() => void this.#ask(key), AFTER);
	}

	/** Look again, after a connection came back. */
	again(): void {
		const key = this.#wanted;
		if (key === null || this.current !== null) return;
		clearTimeout(this.#timer);
		void this.#ask(key);
	}

	async #ask(key: string): Promise<void> {
		const question = this.#question;
		if (question === null) return;
		const stop = new AbortController();
		this.#stop = stop;
		try {
			const made = await ask<Made>(question.path, { body: question.body, signal: stop.signal });
			this.#take(key, {
				question,
				key,
				made,
				faults: [],
				differing: differing(made.document, question),
				beside: findingsBeside(made, question),
			});
		} catch (error) {
			if (stop.signal.aborted || key !== this.#wanted) return;
			if (error instanceof Problem && error.faults.length > 0) {
				this.#take(key, {
					question,
					key,
					made: null,
					faults: error.faults,
					differing: [],
					beside: faultsBeside(error.faults, question),
				});
			} else {
				this.unreachable = error instanceof Unreachable || (error instanceof Problem && error.status >= 500);
				this.refused = error instanceof Problem ? error.detail || error.title : "";
				this.#timer = setTimeout(() => void this.#ask(key), AGAIN);
			}
		}
	}

	#take(key: string, answered: Answered): void {
		if (key !== this.#wanted) return;
		this.answered = answered;
		this.unreachable = false;
		this.refused = "";
	}

	/** Nothing is awaited any more. */
	end(): void {
		clearTimeout(this.#timer);
		this.#stop?.abort();
	}
}
