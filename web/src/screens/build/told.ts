// What the server says of a draft, and beside which field it belongs.

import type { Schemas } from "../../server/ask";
import type { Fault } from "../../server/problem";
import type { Question } from "./order";

type PlanOut = Schemas["PlanOut"];
type PlanDocument = Schemas["PlanDocument"];
export type Finding = NonNullable<PlanDocument["findings"]>[number];

/** Something that is said of a field. */
export interface Beside {
	path: string;
	finding: Finding | null;
	fault: Fault | null;
}

const CELL = /^prescription\.table row (\d+)(?:, column (\d+))?/;

/** Faults with the paths that fields have here: a cell of a paper is `paper.rows[2].amounts[0]`. */
export function faultsBeside(faults: readonly Fault[], question: Question | null): Beside[] {
	return faults.map((fault) => {
		const path = fault.path.replace(/^(order|change|document)\./, "");
		return { path: ofPaper(path, question), finding: null, fault };
	});
}

function ofPaper(path: string, question: Question | null): string {
	if (question === null || question.slots.length === 0) return path;
	const cell = CELL.exec(path);
	const row = cell === null ? undefined : question.rows[Number(cell[1]) - 2];
	if (row !== undefined) {
		const column = Number(cell?.[2] ?? 0);
		if (column === 1) return `paper.rows[${row.place}].first`;
		const slot = question.slots[column - 2];
		return slot === undefined ? `paper.rows[${row.place}]` : `paper.rows[${row.place}].amounts[${slot}]`;
	}
	const time = /^prescription\.times\[(\d+)\]/.exec(path);
	const slot = time === null ? undefined : question.slots[Number(time[1])];
	return slot === undefined ? path : `paper.times[${slot}]`;
}

/** Findings with the field that each is about. Of a paper: the row in whose days it lies. */
export function findingsBeside(out: PlanOut, question: Question | null): Beside[] {
	const left = [...out.fields];
	return (out.document.findings ?? []).map((finding) => {
		const at = left.findIndex((one) => one.rule === finding.rule);
		const field = at < 0 ? finding.at : (left.splice(at, 1)[0]?.field ?? finding.at);
		const row = field === "prescription.table" ? rowOn(finding.facts.day ?? "", question) : null;
		return { path: row === null ? field : `paper.rows[${row}]`, finding, fault: null };
	});
}

/** The row of a paper by dates that holds on a day. */
function rowOn(day: string, question: Question | null): number | null {
	return question?.rows.filter((one) => one.from !== "" && one.from <= day).at(-1)?.place ?? null;
}

/** What belongs beside a field: what is said of it, or of a part of it that has no field of its own. */
export function beside(all: readonly Beside[], path: string, deep = false): Beside[] {
	return all.filter(
		(one) => one.path === path || (deep && (one.path.startsWith(`${path}.`) || one.path.startsWith(`${path}[`))),
	);
}

/** Whether it keeps the plan from being approved until a named clinician says why it may. */
export function blocks(finding: Finding): boolean {
	return (finding.severity === "stop" || finding.severity === "urgent") && !finding.overridden;
}

/**
 * The doses of an answer held against the tablets that were typed. Rows whose doses are made of something else than was typed, by place.
 */
export function differing(document: PlanDocument, question: Question): number[] {
	const slots = document.course.versions.at(-1)?.slots ?? [];
	const steps = (document.steps ?? []).filter((step) => step.version === document.plan?.version);
	return question.rows.flatMap((row, place) => {
		if (row.quarters.every((one) => one === null)) return [];
		const step = steps[place];
		const day = (document.doses ?? []).filter((dose) => dose.date === step?.first);
		const same = row.quarters.every((typed, at) => {
			const dose = day.find((one) => one.time === slots[at]?.at);
			if (dose === undefined) return typed === 0;
			const [only, ...more] = Array.isArray(dose.units) ? dose.units : [];
			return only !== undefined && more.length === 0 && only.count * 4 === typed;
		});
		return step !== undefined && same ? [] : [row.place];
	});
}
