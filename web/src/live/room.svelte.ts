// Whether this device keeps what is written here: whether it can at all, whether the browser may clear it away, whether it is nearly full.

import { keeps } from "../kept/database";

const NEARLY = 0.9;
const LITTLE = 5_000_000; // bytes

class Room {
	/** Whether the browser has promised not to clear away what is kept; null: it was not asked, or does not say. */
	promised = $state<boolean | null>(null);
	/** There is hardly any room left. */
	scarce = $state(false);
	/** This device keeps nothing: what is written is sent at once, or refused. */
	none = $state(false);

	#asked = false;

	/** Ask the browser once to keep what is written here, at the first writing. */
	async ask(): Promise<void> {
		if (this.#asked) return;
		this.#asked = true;
		const storage = this.#storage();
		if (storage?.persisted === undefined) return;
		this.promised = (await storage.persisted()) || ((await storage.persist?.()) ?? false);
	}

	/** See how things are, without asking for anything. */
	async look(): Promise<void> {
		this.none = !(await keeps());
		const storage = this.#storage();
		if (storage?.persisted !== undefined) this.promised = await storage.persisted();
		const { quota, usage } = (await storage?.estimate?.()) ?? {};
		if (quota !== undefined && usage !== undefined) this.scarce = usage > quota * NEARLY || quota - usage < LITTLE;
	}

	#storage(): Partial<StorageManager> | undefined {
		return (navigator as Partial<Navigator>).storage;
	}
}

export const room = new Room();
