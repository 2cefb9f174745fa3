// The open record as it is now: the packet, what was written here since, and what both show at this moment.

import { answer } from "../kept/answers";
import type { Unheard } from "../kept/database";
import * as outbox from "../kept/unheard";
import { newId } from "../kept/uuid";
import { instant } from "../packet/instant";
import { overlaid } from "../packet/overlay";
import { show } from "../packet/show";
import type { Entry, Packet, Shown, What } from "../packet/types";
import { passing } from "../server/ask";
import { fetchPacket, packetPath, send } from "../server/send";
import { me } from "./me.svelte";

const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel("gradatim") : null;
const BEAT = 10_000; // milliseconds between two looks at the clock
const ASK_AGAIN = 5 * 60_000; // and between two questions for a packet while the app is open

class Live {
	now = $state(instant(new Date()));
	packet = $state.raw<Packet | null>(null);
	/** Entries that the packet does not hold: of the open record. */
	unheard = $state.raw<Unheard[]>([]);
	/** Entries of every record that the server has not acknowledged. */
	unsent = $state(0);
	refused = $state.raw<Unheard[]>([]);
	/** Seconds that the clock of this device is ahead, where it is wrong. */
	clock = $state<number | null>(null);
	/** Grows with every change of the record, so that screens ask again for what is drawn from it. */
	turn = $state(0);

	#laid = $derived(this.packet === null ? null : overlaid(this.packet, this.unheard));
	/** The packet without what was taken back here. */
	known = $derived(this.#laid?.packet ?? null);
	shown: Shown | null = $derived(this.#laid === null ? null : show(this.#laid.packet, this.now, this.#laid.unsent));

	/** Begin: read what is kept, listen to other tabs, follow the clock, and ask the server. */
	begin(): void {
		setInterval(() => this.tick(), BEAT);
		setInterval(() => void this.refresh(), ASK_AGAIN);
		channel?.addEventListener("message", () => void this.recall());
		for (const name of ["online", "focus", "pageshow"]) addEventListener(name, () => void this.refresh());
		document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && void this.refresh());
		navigator.serviceWorker?.addEventListener("message", () => void this.recall());
	}

	tick(): void {
		this.now = instant(new Date());
	}

	/** What this device keeps of the open record. */
	async recall(): Promise<void> {
		this.tick();
		const all = await outbox.unheard();
		this.unsent = all.filter((one) => one.cursor === null && one.refused === null).length;
		this.refused = all.filter((one) => one.refused !== null);
		const record = me.record;
		this.unheard = all.filter((one) => one.record === record);
		const kept = record === null ? null : await answer(packetPath(record));
		if (record !== me.record) return;
		this.packet = (kept?.data as Packet | undefined) ?? null;
		this.turn += 1;
	}

	#refreshing: Promise<void> | null = null;

	/** Send what was not sent, and fetch the packet. Says in `me.online` whether the server answered; raises nothing. */
	refresh(): Promise<void> {
		this.#refreshing ??= this.#refresh().finally(() => {
			this.#refreshing = null;
		});
		return this.#refreshing;
	}

	async #refresh(): Promise<void> {
		try {
			await me.meet();
			const sent = await send();
			this.clock = sent.clock;
			if (sent.error !== null && passing(sent.error)) throw sent.error;
			if (me.record !== null && me.session?.name !== null) await fetchPacket(me.record);
			me.online = true;
		} catch (error) {
			if (passing(error)) me.online = false;
		}
		await this.recall();
		channel?.postMessage("changed");
	}

	/** Write something down. When this returns it is on the disk of this device; it is sent as soon as that is possible. */
	async write(what: What, at: string = instant(new Date())): Promise<Entry> {
		const record = me.record;
		if (record === null) throw new Error("no record is open");
		const recorded = instant(new Date());
		const day = this.packet?.days.filter((one) => one.begins <= recorded).at(-1);
		const entry: Entry = {
			id: newId(),
			person: this.packet?.person.id ?? me.open?.person ?? record,
			author: me.session?.name || "person",
			device: me.session?.device ?? "browser",
			at: at > recorded ? recorded : at,
			zone: day?.zone ?? this.packet?.person.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
			recorded,
			what,
		};
		await outbox.keep({ id: entry.id, record, entry, cursor: null, refused: null });
		await this.recall();
		channel?.postMessage("changed");
		void this.refresh();
		void later();
		return entry;
	}

	/** Take something back that was written: a correction, so that both stay to be seen. */
	undo(id: string, why = "undone at once"): Promise<Entry> {
		return this.write({ kind: "correction", corrects: id, why });
	}
}

/** Ask the browser to send when there is a network again, also with the app closed; not every browser can. */
async function later(): Promise<void> {
	const worker = (await navigator.serviceWorker?.getRegistration()) as
		| (ServiceWorkerRegistration & { sync?: { register(tag: string): Promise<void> } })
		| undefined;
	await worker?.sync?.register("send").catch(() => undefined);
}

export const live = new Live();
