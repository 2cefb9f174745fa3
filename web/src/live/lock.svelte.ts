// The lock of the app: hides what is on the screen from who picks up the phone. It encrypts nothing. Danger stays open.

import { keepSetting, setting } from "../kept/settings";
import { fits, type Kept, kept, waiting } from "./pin";

class Lock {
	/** A number is set. */
	on = $state(false);
	/** It has to be entered now. */
	shut = $state(false);
	/** Minutes out of sight after which it shuts. */
	minutes = $state(1);
	/** Seconds until the next try. */
	wait = $state(0);

	#kept: Kept | null = null;
	#hidden: number | null = null;

	/** Whether this browser can make one: only where the page came over an encrypted connection, or from this machine. */
	get possible(): boolean {
		return globalThis.crypto?.subtle !== undefined;
	}

	async recall(): Promise<void> {
		this.#take(await setting<Kept | null>("lock", null));
		this.shut = this.on;
	}

	begin(): void {
		document.addEventListener("visibilitychange", () => {
			if (document.visibilityState === "hidden") this.#hidden ??= Date.now();
			else this.#seen();
		});
		setInterval(() => this.#count(), 1000);
	}

	async set(pin: string, minutes: number): Promise<void> {
		await this.#keep(await kept(pin, minutes));
	}

	async after(minutes: number): Promise<void> {
		if (this.#kept !== null) await this.#keep({ ...this.#kept, minutes });
	}

	async remove(): Promise<void> {
		await keepSetting("lock", null);
		this.#take(null);
		this.shut = false;
	}

	/** Shut it now. */
	close(): void {
		this.shut = this.on;
	}

	/** Open it; false where the number is another, or it is too early for another try. */
	async open(pin: string): Promise<boolean> {
		const right = await this.right(pin);
		if (right) this.shut = false;
		return right;
	}

	/** Whether it is the number: also before it is changed. A wrong one counts. */
	async right(pin: string): Promise<boolean> {
		this.#take(await setting<Kept | null>("lock", null)); // another tab may have tried too
		this.#count();
		const known = this.#kept;
		if (known === null) return true;
		if (this.wait > 0) return false;
		const right = await fits(pin, known);
		await this.#keep(right ? { ...known, wrong: 0 } : { ...known, wrong: known.wrong + 1, tried: Date.now() });
		return right;
	}

	async #keep(one: Kept): Promise<void> {
		await keepSetting("lock", one);
		this.#take(one);
	}

	#take(one: Kept | null): void {
		this.#kept = one;
		this.on = one !== null;
		this.minutes = one?.minutes ?? 1;
		this.#count();
	}

	#count(): void {
		this.wait = this.#kept === null ? 0 : waiting(this.#kept, Date.now());
	}

	#seen(): void {
		const since = this.#hidden;
		this.#hidden = null;
		if (this.on && since !== null && Date.now() - since >= this.minutes * 60_000) this.shut = true;
	}
}

export const lock = new Lock();
