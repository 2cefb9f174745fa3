// What the Plan screen knows: the plan that is followed, its days as planned and as they are to be taken, and the day it is.

import { asked } from "../../live/asked.svelte";
import { me } from "../../live/me.svelte";
import { live } from "../../live/record.svelte";
import { dayAt } from "../../packet/show";
import { dayIn, dayPlus, daysBetween } from "../../pieces/days";
import { endingBefore, heldOf, type PlanDocument, stairsOf } from "../../pieces/staircase/stairs";
import type { Schemas } from "../../server/ask";

export type Followed = Schemas["FollowedOut"];
/** What was taken day by day, of a server that adds it up. */
interface Insight {
	figures?: { taken: { days: { day: string; taken_mg: number | null; certain: boolean; still_open: boolean }[] } };
}
const LONGEST_PAST = 400; // days that are drawn before today: more would be no picture

/** For the script of a component. */
export class Book {
	plan = asked<Followed>(() => path("plan"));
	/** The day by the person's own clock. Derived, so that the clock alone asks nothing again. */
	today = $derived.by(() => {
		const packet = live.known;
		if (packet !== null && packet.days.length > 0 && live.shown?.day) return dayAt(packet, live.now).day;
		return dayIn(this.plan.data?.document.person.zone ?? packet?.person.zone ?? "UTC");
	});
	#begins = $derived.by(() => {
		const starts = (this.plan.data?.document.course.versions ?? []).map((one) => one.start).sort();
		const earliest = dayPlus(this.today, -LONGEST_PAST);
		return starts[0] === undefined || starts[0] > earliest ? starts[0] : earliest;
	});
	#days = $derived(
		this.#begins === undefined || this.#begins > this.today ? null : daysBetween(this.#begins, this.today) + 1,
	);
	planned = asked<PlanDocument>(() => calendar("planned", this.#begins));
	toTake = asked<PlanDocument>(() => calendar("to-take", this.#begins));
	#insight = asked<Insight>(() => (this.#days === null ? null : path(`insight?days=${this.#days}`)));
	/** What was taken on the days of which it is known for certain; the others are gaps. */
	taken = $derived(
		(this.#insight.data?.figures?.taken.days ?? []).flatMap((one) =>
			one.taken_mg === null || !one.certain || one.still_open ? [] : [{ day: one.day, mg: one.taken_mg }],
		),
	);
	/** The first day of another plan that comes in place of this one, as far as the packet tells. */
	ends = $derived.by(() => {
		const plan = this.plan.data?.document.course.versions.at(-1);
		const held = live.known?.plans.filter((one) => one.id === plan?.id).at(-1);
		return held === undefined || held.last === null || held.version !== plan?.version ? null : dayPlus(held.last, 1);
	});
	plannedDays = $derived(endingBefore(this.planned.data, this.ends));
	toTakeDays = $derived(endingBefore(this.toTake.data, this.ends));
	/** Nothing more will come now: where a calendar may not be made, the figure of the plan has to do. */
	#alone = $derived(this.planned.error !== null || this.toTake.error !== null);
	/** Only once it is known what is held: stairs without their landing would say another dose. */
	stairs = $derived(
		this.plannedDays !== null && this.toTakeDays !== null
			? stairsOf(this.plannedDays, this.today)
			: this.#alone
				? (this.plan.data?.figure ?? null)
				: null,
	);
	held = $derived(
		this.plannedDays === null || this.toTakeDays === null
			? null
			: heldOf(this.plannedDays, this.toTakeDays, this.today),
	);
}

function path(what: string): string | null {
	return me.record === null ? null : `records/${me.record}/${what}`;
}

function calendar(mode: "planned" | "to-take", first: string | undefined): string | null {
	return first === undefined ? null : path(`calendar?format=json&mode=${mode}&first=${first}`);
}
