// A question to the server whose last answer is kept: a screen shows that at once, and the new one when it comes.

import { untrack } from "svelte";
import { answer, keepAnswer } from "../kept/answers";
import { ask } from "../server/ask";
import { live } from "./record.svelte";

export class Asked<T> {
	data = $state.raw<T | null>(null);
	/** When the answer was given. */
	at = $state<string | null>(null);
	/** Why there is no newer answer, or null. */
	error = $state.raw<unknown>(null);
	asking = $state(true);
}

/** The answer to a question, again whenever the path or the record changes. For the script of a component. */
export function asked<T>(path: () => string | null): Asked<T> {
	const found = new Asked<T>();
	let before: string | null = null;
	$effect(() => {
		const where = path();
		void live.turn;
		const stop = new AbortController();
		untrack(() => {
			const other = where !== before;
			before = where;
			if (other) Object.assign(found, { data: null, at: null, error: null }); // no answer to another question
			if (where === null) found.asking = false;
			else void look(found, where, stop.signal);
		});
		return () => stop.abort();
	});
	return found;
}

async function look<T>(found: Asked<T>, path: string, signal: AbortSignal): Promise<void> {
	found.asking = true;
	const kept = found.data === null ? await answer(path).catch(() => null) : null;
	if (signal.aborted) return;
	if (kept !== null) {
		found.data = kept.data as T;
		found.at = kept.at;
	}
	try {
		const data = await ask<T>(path, { signal });
		if (signal.aborted) return;
		found.data = data;
		found.at = (await keepAnswer(path, data)).at;
		if (!signal.aborted) found.error = null;
	} catch (error) {
		if (!signal.aborted) found.error = error;
	}
	if (!signal.aborted) found.asking = false;
}
