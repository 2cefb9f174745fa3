// Where in the app somebody is: the part of the address behind the number sign. What a link brought there is taken out of it at once.

import { type Brought, brought, LEADS, provider } from "./brought";

class Route {
	#parts = $state.raw<string[]>([]);

	/** What the link by which the app was opened brought: a code or a key, until it was used. It stands here and nowhere else. */
	brought = $state.raw<Brought | null>(null);
	/** The screen: `now` where none is named. */
	screen = $derived(this.#parts[0] || "now");
	/** What follows it. */
	rest = $derived(this.#parts.slice(1));

	begin(): void {
		const away = provider.returned(); // asked for in every case, so that it is told once
		this.#look(away);
		addEventListener("hashchange", () => this.#look());
	}

	go(to: string): void {
		location.hash = `#/${to}`;
	}

	/** What was brought was used, or is of no use. */
	used(): void {
		this.brought = null;
	}

	#look(away: Brought | null = null): void {
		const found = brought(location.hash, location.search) ?? away;
		if (found !== null) {
			this.brought = found;
			history.replaceState(history.state, "", `${location.pathname}#/${LEADS[found.kind]}`);
		}
		this.#parts = parts();
	}
}

function parts(): string[] {
	return location.hash.replace(/^#\/?/, "").split("/").map(plain);
}

/** A part that is no text, as a cut link has it, leads nowhere and breaks nothing. */
function plain(part: string): string {
	try {
		return decodeURIComponent(part);
	} catch {
		return part;
	}
}

export const route = new Route();
