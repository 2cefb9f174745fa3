// What the Plan screen knows: the plan that is followed, its days as planned and as they are to be taken, and the day it is.

import { asked } from "../../live/asked.svelte";
import { me } from "../../live/me.svelte";
import { live } from "../../live/record.svelte";
import { dayAt } from "../../packet/show";
import { dayIn, dayPlus, daysBetween } from "../../pieces/days";
import { heldOf, type PlanDocument, stairsOf } from "../../pieces/staircase/stairs";
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
	stairs = $derived(
		this.planned.data === null ? (this.plan.data?.figure ?? null) : stairsOf(this.planned.data, this.today),
	);
	held = $derived(
		this.planned.data === null || this.toTake.data === null
			? null
			: heldOf(this.planned.data, this.toTake.data, this.today),
	);
}

function path(what: string): string | null {
	return me.record === null ? null : `records/${me.record}/${what}`;
}

function calendar(mode: "planned" | "to-take", first: string | undefined): string | null {
	return first === undefined ? null : path(`calendar?format=json&mode=${mode}&first=${first}`);
}
