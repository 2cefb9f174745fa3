// What somebody is doing on the screen of now: the step that is open, what was recorded last, and how it is written down.

import { tick } from "svelte";
import { live } from "../../live/record.svelte";
import { milligrams, type Used } from "../../packet/amount";
import { type Caution, cautions, cautionsBeside } from "../../packet/before";
import { instant, later } from "../../packet/instant";
import { standing } from "../../packet/mine";
import { overlaid } from "../../packet/overlay";
import type { Packet, PacketDose, State, What } from "../../packet/types";
import { zoneAt } from "../../packet/zone";
import { t } from "../../words";
import { clock, wall } from "../../words/time";

/** A taking that was said and not written yet. `dose` null: beside the plan. `at` null: now. */
export interface Said {
	dose: PacketDose | null;
	state: State;
	micrograms: number;
	units: readonly Used[];
	at: string | null;
	reason: string;
}

export type Step =
	| { kind: "choose" | "skip"; dose: PacketDose; state: State }
	| { kind: "other"; dose: PacketDose | null; state: State }
	| { kind: "before"; said: Said; seen: readonly Caution[] }
	| { kind: "later"; dose: PacketDose };

const KEEP = 30_000; // milliseconds for which the way back outlives leaving the screen

class Doing {
	step: Step | null = $state.raw(null);
	/** What was recorded last. Undo stays beside it until something else is done. */
	last: { text: string; entries: string[]; at: number; also: "unsure" | null } | null = $state.raw(null);
	/** What was not recorded, because it had been before. */
	already: string | null = $state(null);
	failed = $state(false);
	#busy = false;
	#from = "";

	/** The screen is opened. */
	begin(): void {
		this.step = null;
		this.failed = false;
		this.already = null;
		if (this.last !== null && Date.now() - this.last.at > KEEP) this.last = null;
	}

	open(step: Step | null): void {
		if (this.step === null) this.#from = document.activeElement?.id ?? "";
		this.step = step;
		this.already = null;
		this.failed = false;
	}

	/** Leave the open step, and go back to the button that opened it. */
	async close(): Promise<void> {
		this.open(null);
		await tick();
		document.getElementById(this.#from)?.focus();
	}

	/** Whether the open step is about this dose. */
	about(dose: PacketDose): boolean {
		const step = this.step;
		return (step?.kind === "before" ? step.said.dose?.id : step?.dose?.id) === dose.id;
	}

	/** Record a taking; where something has to be seen first, that is shown, once. */
	async take(said: Said, seen: readonly Caution[] | null = null): Promise<void> {
		live.tick();
		const { known, shown } = live;
		const now = known === null ? live.now : later(live.now, known.built);
		const at = said.at ?? now;
		const { dose, micrograms } = said;
		if (micrograms <= 0 || (dose !== null && this.#taken(dose))) return;
		if (known !== null && shown !== null && seen === null) {
			const unsent = overlaid(live.packet ?? known, live.unheard).unsent;
			const listed = shown.doses.find((one) => one.id === dose?.id)?.state;
			const found =
				dose === null
					? cautionsBeside(known, shown, now, at)
					: cautions(known, shown, unsent, now, {
							dose,
							state: listed ?? closed(known, dose, now) ?? said.state,
							at,
							micrograms,
						});
			if (found.length > 0) {
				this.open({ kind: "before", said, seen: found });
				return;
			}
		}
		const amount = milligrams(micrograms);
		const what = {
			...(dose === null ? { kind: "extra-dose" as const } : { kind: "dose-taken" as const, dose: dose.id }),
			amount,
			units: [...said.units],
			despite: (seen ?? []).map((one) => one.rule),
			...(said.reason.trim() === "" ? {} : { reason: said.reason.trim() }),
		} as What;
		await this.#write([what], said.at ?? undefined, (kept) =>
			t("now.did-take", { amount, clock: clock(kept, zone()) }),
		);
	}

	async skip(dose: PacketDose, reason: string): Promise<void> {
		if (this.#taken(dose)) return;
		const why = reason.trim() === "" ? {} : { reason: reason.trim() };
		await this.#write([{ kind: "dose-skipped", dose: dose.id, ...why }], undefined, () =>
			t("now.did-skip", { time: wall(dose.time) }),
		);
	}

	async unsure(dose: PacketDose): Promise<void> {
		if (this.#taken(dose)) return;
		await this.#write(
			[{ kind: "dose-unsure", dose: dose.id }],
			undefined,
			() => t("now.did-unsure", { time: wall(dose.time) }),
			"unsure",
		);
	}

	/** What was said by somebody who was asked, or who dealt with a finding. */
	async answered(rule: string, by: string, said: string): Promise<void> {
		await this.#write([{ kind: "watch-answered", rule, by: by.trim(), said: said.trim() }], undefined, () =>
			t("now.did-answer", { by: by.trim() }),
		);
	}

	/** A second tap, or another tab, records nothing twice: it says when the dose was recorded. */
	#taken(dose: PacketDose): boolean {
		const mine = standing(live.unheard, live.packet).find(
			({ what }) => what.kind === "dose-taken" && what.dose === dose.id,
		);
		const done = live.known?.doses.find((one) => one.id === dose.id)?.done;
		const at = mine?.at ?? (done?.what === "dose-taken" ? done.at : null);
		if (at === null) return false;
		this.open(null);
		this.already = t("now.already", { time: wall(dose.time), clock: clock(at, zone()) });
		return true;
	}

	async #write(
		all: readonly What[],
		at: string | undefined,
		text: (at: string) => string,
		also: "unsure" | null = null,
	): Promise<void> {
		if (this.#busy) return;
		this.#busy = true;
		this.failed = false;
		try {
			const entries = [];
			for (const what of all) entries.push(await live.write(what, at));
			this.open(null);
			const when = entries[0]?.at ?? instant(new Date());
			this.last = { text: text(when), entries: entries.map((one) => one.id), at: Date.now(), also };
		} catch {
			this.failed = true;
		} finally {
			this.#busy = false;
		}
	}
}

/** A dose that is no longer in the list of the day: its time is over, unless it was due before the record began. */
function closed(packet: Packet, dose: PacketDose, now: string): State | null {
	const since = packet.guard.since;
	return since !== null && since <= dose.due && dose.closes < now ? "missed" : null;
}

/** The zone whose clock is shown. */
export function zone(): string {
	return zoneAt(live.known, live.now);
}

export const doing = new Doing();
