// The service worker: registered once, and replaced by a newer one when the person says so. Entries lie in the database of the device and
// are never touched by it.

class Update {
	/** A newer version waits. */
	ready = $state(false);
	#waiting: ServiceWorker | null = null;

	found(worker: ServiceWorker): void {
		this.#waiting = worker;
		this.ready = true;
	}

	/** Use it now: the page loads again. */
	use(): void {
		navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
		this.#waiting?.postMessage("use");
	}
}

export const update = new Update();

interface Policies {
	createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}

/** Register the worker; without one (an old browser, a private window) the app works as long as the server is there. */
export function register(): void {
	if (!("serviceWorker" in navigator) || import.meta.env.DEV) return;
	const policies = (globalThis as { trustedTypes?: Policies }).trustedTypes;
	const own = { createScriptURL: () => "/app/worker.js" };
	const address = policies?.createPolicy("gradatim-worker", own).createScriptURL("") ?? own.createScriptURL();
	void navigator.serviceWorker.register(address, { scope: "/app/", updateViaCache: "none" }).then(
		(known) => {
			const look = (worker: ServiceWorker | null): void => {
				worker?.addEventListener("statechange", () => {
					if (worker.state === "installed" && navigator.serviceWorker.controller !== null) update.found(worker);
				});
			};
			if (known.waiting !== null && navigator.serviceWorker.controller !== null) update.found(known.waiting);
			look(known.installing);
			known.addEventListener("updatefound", () => look(known.installing));
			document.addEventListener(
				"visibilitychange",
				() => document.visibilityState === "visible" && void known.update().catch(() => undefined),
			);
		},
		(error: unknown) => console.warn("no service worker", error),
	);
}
