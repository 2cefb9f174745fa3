// The open record as it is now: the packet, what was written here since, and what both show at this moment.

import type { Unheard } from "../kept/database";
import { handedOn, ofMine } from "../kept/owner";
import { recalled } from "../kept/packets";
import * as outbox from "../kept/unheard";
import { newId } from "../kept/uuid";
import { instant } from "../packet/instant";
import { overlaid } from "../packet/overlay";
import { show } from "../packet/show";
import type { Entry, Packet, Shown, What } from "../packet/types";
import { zoneAt } from "../packet/zone";
import { OTHER, passing } from "../server/ask";
import { fetchPacket } from "../server/packet";
import { Problem } from "../server/problem";
import { send } from "../server/send";
import { atOnce } from "./atonce";
import { later } from "./later";
import { me } from "./me.svelte";
import { room } from "./room.svelte";
import { update } from "./update.svelte";

const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel("gradatim") : null;
const BEAT = 10_000; // milliseconds between two looks at the clock
const ASK_AGAIN = 5 * 60_000; // and between two questions for a packet while the app is open
const TRY_AGAIN = 15_000; // and until the next try while something is not sent; twice as long each time
const CLOCK_OFF = 120; // seconds: as the server has it

class Live {
	now = $state(instant(new Date()));
	packet = $state.raw<Packet | null>(null);
	/** Entries that the packet does not hold: of the open record, whoever wrote them here. A dose that was taken is not offered to anybody again. */
	unheard = $state.raw<Unheard[]>([]);
	/** Entries of every record that the server has not acknowledged. */
	waiting = $state.raw<Unheard[]>([]);
	/** How many wait here that another account wrote: they are sent when it signs in. */
	others = $state(0);
	refused = $state.raw<Unheard[]>([]);
	/** Records that take nothing from here, and why: with entries for them that wait. */
	closed = $state.raw<ReadonlyMap<string, Problem>>(new Map());
	/** Seconds that the clock of this device is ahead, where it is wrong. */
	clock = $state<number | null>(null);
	/** The server speaks of packets that this app does not know: it is to be loaded again. */
	newer = $state(false);
	/** Why something was not written down, neither here nor on the server; until somebody has read it. */
	lost = $state.raw<unknown>(null);
	/** Grows with every change of the record, so that screens ask again for what is drawn from it. */
	turn = $state(0);

	unsent = $derived(this.waiting.length);
	#laid = $derived(this.packet === null ? null : overlaid(this.packet, this.unheard, this.now));
	/** The packet without what was taken back here. */
	known = $derived(this.#laid?.packet ?? null);
	shown: Shown | null = $derived(this.#laid === null ? null : show(this.#laid.packet, this.now, this.#laid.unsent));

	#of: string | null = null;
	#seen = "";

	#met = (): void => undefined;
	/** Kept once the server was asked for the first time, whatever it said. */
	first = new Promise<void>((then) => {
		this.#met = then;
	});

	/** Begin: read what is kept, listen to other tabs, follow the clock, and ask the server. */
	begin(): void {
		setInterval(() => this.tick(), BEAT);
		setInterval(() => void this.#look(), ASK_AGAIN);
		channel?.addEventListener("message", () => void this.#changed());
		addEventListener(OTHER, () => void this.refresh());
		for (const name of ["online", "focus", "pageshow"]) addEventListener(name, () => void this.#look());
		addEventListener("offline", () => {
			me.online = false;
		});
		document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && void this.#look());
		navigator.serviceWorker?.addEventListener("message", () => void this.recall());
	}

	/** Another tab has changed something: what is kept, or whose it is. */
	async #changed(): Promise<void> {
		if (await handedOn()) await me.anew();
		await this.recall();
	}

	tick(): void {
		this.now = instant(new Date());
	}

	#recalling: Promise<void> | null = null;
	#next: Promise<void> | null = null;

	/** Read what this device keeps of the open record. What was kept before this was called is seen when it returns. */
	recall(): Promise<void> {
		if (this.#recalling === null) {
			this.#recalling = this.#recall().finally(() => {
				this.#recalling = null;
			});
			return this.#recalling;
		}
		this.#next ??= this.#recalling.then(() => {
			this.#next = null;
			return this.recall();
		});
		return this.#next;
	}

	async #recall(): Promise<void> {
		this.tick();
		const record = me.record;
		try {
			const { all, packet } = await recalled(record);
			if (record !== me.record) return this.#recall();
			this.#lay(all, record, packet);
		} catch (error) {
			console.warn("what is kept cannot be read now", error); // what was read before still stands
		}
	}

	#lay(all: readonly Unheard[], record: string | null, packet: Packet | null): void {
		const mine = all.filter(ofMine);
		this.waiting = mine.filter((one) => one.cursor === null && one.refused === null);
		this.refused = mine.filter((one) => one.refused !== null);
		this.others = all.filter((one) => one.cursor === null && !ofMine(one)).length;
		this.unheard = all.filter((one) => one.record === record);
		this.packet = packet;
		this.#of = record;
		const seen = JSON.stringify([
			record,
			packet?.built,
			packet?.based_on,
			all.map((one) => [one.id, one.cursor, one.refused]),
		]);
		if (seen !== this.#seen) this.turn += 1;
		this.#seen = seen;
	}

	#refreshing: Promise<void> | null = null;
	#anew = false;

	/** Send what was not sent, and fetch the packet. Says in `me.online` whether the server answered; raises nothing. */
	refresh(): Promise<void> {
		this.#anew = this.#refreshing !== null; // what goes on has read the outbox already
		this.#delay = TRY_AGAIN;
		return this.#look();
	}

	#look(): Promise<void> {
		this.tick();
		this.#refreshing ??= this.#rounds();
		return this.#refreshing;
	}

	async #rounds(): Promise<void> {
		clearTimeout(this.#timer);
		try {
			do {
				this.#anew = false;
				await this.#round();
			} while (this.#anew);
		} finally {
			this.#refreshing = null;
			this.#met();
		}
		if (this.unsent === 0) return;
		this.#timer = setTimeout(() => void this.#look(), this.#delay);
		this.#delay = Math.min(this.#delay * 2, ASK_AGAIN);
	}

	#timer: ReturnType<typeof setTimeout> | undefined;
	#delay = TRY_AGAIN;

	async #round(): Promise<void> {
		try {
			const somebody = await me.greet();
			if (somebody) await this.#send();
			if (somebody) await me.look();
			if (somebody && me.record !== null) await this.#fetch(me.record);
		} catch (error) {
			if (passing(error)) me.online = false;
			else if (error instanceof Problem && error.kind === "newer") this.#outdated();
			else console.warn("the record could not be fetched", error);
		}
		await Promise.all([this.recall(), room.look().catch(() => undefined)]);
		channel?.postMessage("changed");
	}

	#outdated(): void {
		this.newer = true;
		void update.look().catch(() => undefined);
	}

	async #send(): Promise<void> {
		const { error, closed, clock } = await send();
		this.closed = closed;
		if (clock !== null) this.clock = clock.wrong ? clock.ahead : null;
		if (error !== null) throw error;
	}

	async #fetch(record: string): Promise<void> {
		const { packet, again } = await fetchPacket(record);
		const ahead = Math.round((Date.now() - Date.parse(packet.built)) / 1000);
		this.clock = Math.abs(ahead) > CLOCK_OFF ? ahead : null;
		this.newer = false;
		if (!again) return;
		await this.#send(); // the server was set back to a backup: it gets again what it had from here
		await fetchPacket(record);
	}

	/** Write something down. When this returns it is on the disk of this device, or of the server where this device keeps nothing; it is sent as
	 * soon as that is possible. Raises, and says so on the screen, where it could be written down nowhere. */
	async write(what: What, at: string = instant(new Date())): Promise<Entry> {
		const record = me.record;
		if (record === null) throw new Error("no record is open");
		const recorded = instant(new Date());
		const packet = this.#of === record ? this.packet : null;
		const entry: Entry = {
			id: newId(),
			person: packet?.person.id ?? me.open?.person ?? record,
			author: me.session?.name || "person",
			device: me.session?.device ?? "browser",
			at: at > recorded ? recorded : at,
			zone: zoneAt(packet, recorded),
			recorded,
			what,
		};
		const one: Unheard = { id: entry.id, record, entry, cursor: null, refused: null };
		const kept = await this.#kept(one);
		this.lost = null;
		if (!this.unheard.some((other) => other.id === kept.id)) this.unheard = [...this.unheard, kept];
		await this.recall();
		channel?.postMessage("changed");
		void room.ask().catch(() => undefined);
		void this.refresh();
		void later();
		return kept.entry;
	}

	async #kept(one: Unheard): Promise<Unheard> {
		try {
			return await outbox.keep(one);
		} catch (why) {
			console.warn("this device cannot keep an entry", why);
			try {
				return await atOnce(one);
			} catch {
				this.lost = why;
				throw why;
			}
		}
	}

	/** Take something back that was written: a correction, so that both stay to be seen. */
	undo(id: string, why = "undone at once"): Promise<Entry> {
		return this.write({ kind: "correction", corrects: id, why });
	}

	/** Give up an entry that the server refuses. */
	async drop(id: string): Promise<void> {
		await outbox.drop(id);
		await this.#told();
	}

	/** Send a refused entry once more: what was in its way may be gone. */
	async sendAgain(id: string): Promise<void> {
		await outbox.refused(id, null);
		await this.#told();
		await this.refresh();
	}

	async #told(): Promise<void> {
		await this.recall();
		channel?.postMessage("changed");
	}
}

export const live = new Live();
