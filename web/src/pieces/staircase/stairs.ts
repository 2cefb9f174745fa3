// The staircase as data: as the server gives it with a plan, or from the steps of a plan document that reaches over several versions.

import type { Schemas } from "../../server/ask";
import { dayPlus } from "../days";

export type Tread = Schemas["TreadOut"];
export type PlanDocument = Schemas["PlanDocument"];
export type PlanStep = NonNullable<PlanDocument["steps"]>[number];
/** What is drawn. `FigureOut` of the server is one. */
export type Stairs = Pick<
	Schemas["FigureOut"],
	"first" | "last" | "until" | "today" | "highest_mg" | "treads" | "gates" | "versions"
>;
/** Days on which the doses stay as they are, because a review is not answered. */
export interface Held {
	first: string;
	last: string;
	mg: number;
}
/** What was taken on a day, as the server adds it up. */
export interface TakenDay {
	day: string;
	mg: number;
}

/** The stairs of a document: one tread for each of its steps. Null where it has none. */
export function stairsOf(document: PlanDocument, today: string | null): Stairs | null {
	const steps = document.steps ?? [];
	const [one, end] = [steps[0], steps.at(-1)];
	if (one === undefined || end === undefined) return null;
	const inside = today !== null && one.first <= today && today <= end.last;
	return {
		first: one.first,
		last: end.last,
		until: document.plan?.valid_until ?? end.last,
		today: inside ? today : null,
		highest_mg: Math.max(...steps.map((step) => step.day_mg)),
		treads: steps.map((step, place) => ({
			first: step.first,
			last: step.last,
			open: step.open,
			number: step.number,
			version: step.version,
			kind: kindOf(step, steps[place - 1]),
			mg: step.day_mg,
			doses: step.doses.map(({ time, mg }) => ({ time, mg })),
		})),
		gates: steps.flatMap((step) => (step.review === undefined ? [] : [{ day: step.first, by: step.review.by }])),
		versions: steps.flatMap((step, place) => {
			const before = steps[place - 1];
			return before !== undefined && before.version !== step.version
				? [{ day: step.first, version: step.version }]
				: [];
		}),
	};
}

function kindOf(step: PlanStep, before: PlanStep | undefined): string {
	if (step.day_mg === 0) return "stopped";
	if (step.kind === "hold" || before?.day_mg === step.day_mg) return "hold";
	return before === undefined || before.day_mg < step.day_mg ? "rising" : "cut";
}

/**
 * Where the doses to take are held by a review that is not answered: from the day on which the plan wanted to go on. Null where nothing
 * is held yet on `today`. `planned` and `toTake` are two documents of one plan.
 */
export function heldOf(planned: PlanDocument, toTake: PlanDocument, today: string): Held | null {
	const now = (toTake.steps ?? []).find((step) => step.first <= today && today <= step.last);
	if (now?.waiting_for === undefined) return null;
	const wanted = (planned.steps ?? []).find((step) => step.review?.id === now.waiting_for);
	if (wanted === undefined || wanted.first > today) return null;
	return { first: wanted.first, last: now.last, mg: now.day_mg };
}

/** A document without the days from `end` on, on which another plan holds. */
export function endingBefore(document: PlanDocument | null, end: string | null): PlanDocument | null {
	if (document === null || end === null) return document;
	const last = dayPlus(end, -1);
	const steps = (document.steps ?? []).filter((step) => step.first < end);
	const cut = (step: PlanStep): PlanStep => (step.last < end ? step : { ...step, last, open: false });
	return {
		...document,
		...(document.last === undefined || document.last < end ? {} : { last }),
		steps: steps.map(cut),
		doses: (document.doses ?? []).filter((dose) => dose.date < end),
	};
}

/** The step of a document that holds on a day. */
export function stepOn(document: PlanDocument, day: string): PlanStep | null {
	return (document.steps ?? []).find((step) => step.first <= day && day <= step.last) ?? null;
}
