// The history page by page, the newest first. The first page is kept, so that it is there without the server.

import { untrack } from "svelte";
import { answer, keepAnswer } from "../../kept/answers";
import { live } from "../../live/record.svelte";
import { ask, type Schemas } from "../../server/ask";

type Page = Schemas["HistoryOut"];
export type Line = Schemas["LineOut"];

export class Pages {
	lines = $state.raw<Line[] | null>(null);
	kinds = $state.raw<string[]>([]);
	next = $state<string | null>(null);
	/** When the first page was given. */
	at = $state<string | null>(null);
	error = $state.raw<unknown>(null);
	asking = $state(false);
	#path = "";
	#pages = 1;

	/** Ask anew for as many pages as were open; for another question, for its first one. */
	async look(path: string, signal: AbortSignal): Promise<void> {
		if (path !== this.#path) {
			this.#path = path;
			this.#pages = 1;
			this.lines = null;
		}
		this.asking = true;
		if (this.lines === null) {
			const kept = await answer(path).catch(() => null);
			if (signal.aborted) return;
			if (kept !== null) {
				this.#show([kept.data as Page]);
				this.at = kept.at;
			}
		}
		try {
			const pages: Page[] = [];
			for (let next: string | null = ""; next !== null && pages.length < this.#pages; ) {
				const page: Page = await ask<Page>(next === "" ? path : `${path}&after=${next}`, { signal });
				if (pages.length === 0) this.at = (await keepAnswer(path, page)).at;
				pages.push(page);
				next = page.next;
			}
			if (signal.aborted) return;
			this.#show(pages);
			this.error = null;
		} catch (error) {
			if (!signal.aborted) this.error = error;
		}
		if (!signal.aborted) this.asking = false;
	}

	/** The next older page. */
	async older(): Promise<void> {
		if (this.next === null || this.asking) return;
		const path = this.#path;
		this.asking = true;
		try {
			const page = await ask<Page>(`${path}&after=${this.next}`);
			if (path !== this.#path) return;
			this.#pages += 1;
			this.lines = [...(this.lines ?? []), ...page.lines];
			this.next = page.next;
			this.error = null;
		} catch (error) {
			this.error = error;
		} finally {
			this.asking = false;
		}
	}

	#show(pages: readonly Page[]): void {
		this.lines = pages.flatMap((one) => one.lines);
		this.next = pages.at(-1)?.next ?? null;
		this.kinds = pages[0]?.kinds ?? [];
	}
}

/** The history of a question, again whenever it or the record changes. For the script of a component. */
export function paged(path: () => string | null): Pages {
	const found = new Pages();
	$effect(() => {
		const where = path();
		void live.turn;
		const stop = new AbortController();
		if (where !== null) untrack(() => void found.look(where, stop.signal));
		return () => stop.abort();
	});
	return found;
}
