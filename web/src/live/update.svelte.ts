// The service worker: registered once, and replaced by a newer one when the person says so. Entries lie in the database of the device and
// are never touched by it.

class Update {
	/** A newer version waits, or is in use by another tab already. */
	ready = $state(false);
	#waiting: ServiceWorker | null = null;

	found(worker: ServiceWorker): void {
		this.#waiting = worker;
		this.ready = true;
	}

	/** Another tab uses the newer version: this one is to be loaded again, for what it still needs may be gone. */
	taken(): void {
		this.#waiting = null;
		this.ready = true;
	}

	/** Use it now: the page loads again. */
	use(): void {
		if (this.#waiting === null || this.#waiting.state === "activated") {
			location.reload();
			return;
		}
		navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
		this.#waiting.postMessage("use");
	}

	/** Ask whether there is a newer version; browsers do so by themselves only once a day. */
	async look(): Promise<void> {
		await (await navigator.serviceWorker?.getRegistration())?.update();
	}
}

export const update = new Update();

interface Policies {
	createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}

/** Register the worker; without one (an old browser, a private window) the app works as long as the server is there. */
export async function register(): Promise<void> {
	if (!("serviceWorker" in navigator) || import.meta.env.DEV) return;
	const workers = navigator.serviceWorker;
	const policies = (globalThis as { trustedTypes?: Policies }).trustedTypes;
	const own = { createScriptURL: () => "/app/worker.js" };
	const address = policies?.createPolicy("gradatim-worker", own).createScriptURL("") ?? own.createScriptURL();
	let controlled = workers.controller !== null;
	workers.addEventListener("controllerchange", () => {
		if (controlled) update.taken();
		controlled = true; // the first one only begins to work
	});
	try {
		const known = await workers.register(address, { scope: "/app/", updateViaCache: "none" });
		const look = (worker: ServiceWorker | null): void => {
			worker?.addEventListener("statechange", () => {
				if (worker.state === "installed" && workers.controller !== null) update.found(worker);
			});
		};
		if (known.waiting !== null && workers.controller !== null) update.found(known.waiting);
		look(known.installing);
		known.addEventListener("updatefound", () => look(known.installing));
		document.addEventListener("visibilitychange", () => {
			if (document.visibilityState === "visible") void known.update().catch(() => undefined);
		});
	} catch (error) {
		console.info("no service worker", error);
	}
}
