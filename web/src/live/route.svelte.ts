// Where in the app somebody is: the part of the address behind the number sign.

class Route {
	#parts = $state.raw<string[]>(parts());

	/** The screen: `now` where none is named. */
	screen = $derived(this.#parts[0] || "now");
	/** What follows it. */
	rest = $derived(this.#parts.slice(1));

	begin(): void {
		addEventListener("hashchange", () => {
			this.#parts = parts();
		});
	}

	go(to: string): void {
		location.hash = `#/${to}`;
	}
}

function parts(): string[] {
	return location.hash
		.replace(/^#\/?/, "")
		.split("/")
		.map((one) => decodeURIComponent(one));
}

export const route = new Route();
