// What somebody is about to write down: the fields of each kind as they are typed, and the entry that they make, or what is lacking.

import { inThousandths, type Measure, micrograms, milligrams, solid, type Used, used } from "../../packet/amount";
import type { PacketProduct, PacketQuestion, What } from "../../packet/types";
import type { Key } from "../../words";
import { isDay } from "./moment";

export type Kind =
	| "dose"
	| "extra"
	| "symptom"
	| "event"
	| "note"
	| "other"
	| "measured"
	| "check-in"
	| "stock"
	| "trip"
	| "fixed";

/** How much of a product is typed: whole tablets with a part in quarters, or mL. */
export interface Typed {
	whole: string;
	part: string;
	ml: string;
}

/** An amount that is known already: of the plan, or as it was recorded. */
export interface Known {
	amount: string;
	units: Used[];
	text: string;
}

export interface Draft {
	kind: Kind;
	/** The entry it begins from, where one is corrected. */
	was: What | null;
	dose: string;
	happened: "dose-taken" | "dose-skipped" | "dose-unsure";
	known: Known | null;
	other: boolean;
	amounts: Record<string, Typed>;
	mg: string;
	reason: string;
	sign: string;
	words: string;
	note: string;
	event: string;
	on: string;
	text: string;
	name: string;
	change: "once" | "started" | "stopped";
	much: string;
	weight: string;
	systolic: string;
	diastolic: string;
	scores: Record<string, string>;
	first: string;
	last: string;
}

export type Made = { what: What; lacks: null } | { what: null; lacks: Key };

const EMPTY: Omit<Draft, "kind" | "was"> = {
	dose: "",
	happened: "dose-taken",
	known: null,
	other: false,
	amounts: {},
	mg: "",
	reason: "",
	sign: "",
	words: "",
	note: "",
	event: "",
	on: "",
	text: "",
	name: "",
	change: "once",
	much: "",
	weight: "",
	systolic: "",
	diastolic: "",
	scores: {},
	first: "",
	last: "",
};

export const OWN = "own"; // of the choice of signs: in the person's own words

export function begin(kind: Kind): Draft {
	return { kind, was: null, ...structuredClone(EMPTY) };
}

const KINDS: Partial<Record<What["kind"], Kind>> = {
	"dose-taken": "dose",
	"dose-skipped": "dose",
	"dose-unsure": "dose",
	"extra-dose": "extra",
	symptom: "symptom",
	event: "event",
	note: "note",
	"other-taken": "other",
	measured: "measured",
	"check-in": "check-in",
	stock: "stock",
	trip: "trip",
	goal: "fixed",
	"watch-answered": "fixed",
};

/** Whether an entry of this kind can be corrected or taken back. */
export function correctable(kind: What["kind"]): boolean {
	return kind in KINDS;
}

/** The fields of an entry that is written down already. `ids`: the signs and effects that have a name. */
export function beginFrom(what: What, ids: ReadonlySet<string>, amountText: string): Draft {
	const draft: Draft = { ...begin(KINDS[what.kind] ?? "fixed"), was: what };
	switch (what.kind) {
		case "dose-taken":
		case "extra-dose":
			if (what.kind === "dose-taken") draft.dose = what.dose;
			draft.known = { amount: what.amount, units: [...(what.units ?? [])] as Used[], text: amountText };
			draft.reason = what.reason ?? "";
			break;
		case "dose-skipped":
			Object.assign(draft, { dose: what.dose, happened: what.kind, reason: what.reason ?? "" });
			break;
		case "dose-unsure":
			Object.assign(draft, { dose: what.dose, happened: what.kind });
			break;
		case "symptom":
			Object.assign(draft, ids.has(what.sign) ? { sign: what.sign } : { sign: OWN, words: what.sign });
			draft.note = what.note ?? "";
			break;
		case "event":
			Object.assign(draft, { event: what.event, note: what.note ?? "", on: what.on ?? "" });
			break;
		case "note":
			draft.text = what.text;
			break;
		case "other-taken":
			Object.assign(draft, { name: what.name, change: what.change ?? "once", much: what.amount ?? "" });
			break;
		case "measured":
			draft.weight = (what.weight ?? "").replace(/ ?kg$/, "");
			draft.systolic = String(what.systolic ?? "");
			draft.diastolic = String(what.diastolic ?? "");
			break;
		case "check-in":
			draft.scores = Object.fromEntries((what.scores ?? []).map((one) => [one.scale, String(one.value)]));
			draft.note = what.note ?? "";
			break;
		case "stock": {
			const quarters = what.quarters ?? 0;
			draft.amounts[what.product] = {
				whole: String(Math.floor(quarters / 4)),
				part: String(quarters % 4),
				ml: String((what.microlitres ?? 0) / 1000),
			};
			draft.note = what.note ?? "";
			break;
		}
		case "trip":
			Object.assign(draft, { first: what.first, last: what.last, note: what.note ?? "" });
			break;
	}
	return draft;
}

/** What the draft says, or what is lacking. `despite`: cautions that were shown before something taken beside the plan. */
export function make(
	draft: Draft,
	products: readonly PacketProduct[],
	questions: readonly PacketQuestion[],
	despite: readonly string[] = [],
): Made {
	switch (draft.kind) {
		case "dose":
			return dose(draft, products);
		case "extra": {
			const much = amount(draft, products) ?? milligramsTyped(draft.mg);
			if (much === null) return lacks(draft.mg.trim() === "" ? "history.lacks-extra" : "history.lacks-number");
			return ok({ kind: "extra-dose", ...much, ...some("reason", draft.reason), ...kept(draft, despite) });
		}
		case "symptom": {
			const sign = draft.sign === OWN ? draft.words.trim() : draft.sign;
			return sign === "" ? lacks("history.lacks-sign") : ok({ kind: "symptom", sign, ...some("note", draft.note) });
		}
		case "event":
			if (draft.event === "") return lacks("history.lacks-event");
			if (draft.on !== "" && !isDay(draft.on)) return lacks("history.lacks-days");
			return ok({ kind: "event", event: draft.event as never, ...some("note", draft.note), ...some("on", draft.on) });
		case "note":
			return draft.text.trim() === "" ? lacks("history.lacks-text") : ok({ kind: "note", text: draft.text.trim() });
		case "other": {
			const name = draft.name.trim();
			if (name === "") return lacks("history.lacks-name");
			return ok({ kind: "other-taken", name, change: draft.change, ...some("amount", draft.much) });
		}
		case "measured":
			return measured(draft);
		case "check-in":
			return checkIn(draft, questions);
		case "stock":
			return stock(draft, products);
		case "trip":
			if (!isDay(draft.first) || !isDay(draft.last) || draft.last < draft.first) return lacks("history.lacks-days");
			return ok({ kind: "trip", first: draft.first, last: draft.last, ...some("note", draft.note) });
		case "fixed":
			return draft.was === null ? lacks("history.lacks-text") : ok(draft.was);
	}
}

function dose(draft: Draft, products: readonly PacketProduct[]): Made {
	if (draft.dose === "") return lacks("history.lacks-dose");
	if (draft.happened === "dose-unsure") return ok({ kind: "dose-unsure", dose: draft.dose });
	const reason = some("reason", draft.reason);
	if (draft.happened === "dose-skipped") return ok({ kind: "dose-skipped", dose: draft.dose, ...reason });
	const much = amount(draft, products);
	if (much === null) return lacks("history.lacks-amount");
	return ok({ kind: "dose-taken", dose: draft.dose, ...much, ...reason, ...kept(draft, []) });
}

/** Cautions that were passed over when it was taken stay named. */
function kept(draft: Draft, despite: readonly string[]): { despite?: string[] } {
	const before = draft.was !== null && "despite" in draft.was ? (draft.was.despite ?? []) : [];
	const all = [...new Set([...before, ...despite])];
	return all.length === 0 ? {} : { despite: all };
}

function amount(draft: Draft, products: readonly PacketProduct[]): { amount: string; units?: Used[] } | null {
	if (!draft.other && draft.known !== null) {
		const { amount, units } = draft.known;
		return units.length === 0 ? { amount } : { amount, units };
	}
	const typed = measuresTyped(draft, products);
	const sum = typed === null ? null : micrograms(typed);
	return typed === null || sum === null || sum === 0 ? null : { amount: milligrams(sum), units: used(typed) };
}

/** What is typed for each product; null where something is no number, or finer than can be kept. */
export function measuresTyped(draft: Draft, products: readonly PacketProduct[]): Measure[] | null {
	const found: Measure[] = [];
	for (const product of products) {
		const typed = draft.amounts[product.id];
		if (typed === undefined) continue;
		const count = solid(product) ? quartersOf(typed) : inThousandths(typed.ml || "0");
		if (count === null) return null;
		if (count > 0) found.push({ product, count });
	}
	return found;
}

/** Quarters of a tablet; null where the whole ones are no whole number. */
export function quartersOf({ whole, part }: Typed): number | null {
	const text = whole.trim() || "0";
	return /^\d{1,4}$/.test(text) ? Number(text) * 4 + Number(part) : null;
}

function milligramsTyped(text: string): { amount: string } | null {
	const found = inThousandths(text.trim().replace(/ ?mg$/, ""));
	return found === null || found === 0 ? null : { amount: milligrams(found) };
}

function measured(draft: Draft): Made {
	const both = draft.systolic.trim() !== "" && draft.diastolic.trim() !== "";
	const one = draft.systolic.trim() !== "" || draft.diastolic.trim() !== "";
	const was = draft.was?.kind === "measured" ? draft.was : null;
	const rest = { ...some("creatinine", was?.creatinine ?? ""), ...(was?.egfr == null ? {} : { egfr: was.egfr }) };
	if (draft.weight.trim() === "" && !both && Object.keys(rest).length === 0) return lacks("history.lacks-measured");
	if (one && !both) return lacks("history.lacks-measured");
	const weight = inThousandths(draft.weight || "0");
	const systolic = wholeTyped(draft.systolic);
	const diastolic = wholeTyped(draft.diastolic);
	if (weight === null || systolic === null || diastolic === null) return lacks("history.lacks-number");
	return ok({
		kind: "measured",
		...(weight === 0 ? {} : { weight: `${milligrams(weight).replace(" mg", "")} kg` }),
		...(both ? { systolic, diastolic } : {}),
		...rest,
	});
}

function checkIn(draft: Draft, questions: readonly PacketQuestion[]): Made {
	const scores: { scale: string; value: number }[] = [];
	for (const [scale, text] of Object.entries(draft.scores)) {
		if (text === "") continue;
		const value = wholeTyped(text);
		const question = questions.find((one) => one.id === scale);
		if (value === null || (question !== undefined && (value < question.low || value > question.high)))
			return lacks("history.lacks-number");
		scores.push({ scale, value });
	}
	if (scores.length === 0 && draft.note.trim() === "") return lacks("history.lacks-answers");
	return ok({ kind: "check-in", scores, ...some("note", draft.note) });
}

function stock(draft: Draft, products: readonly PacketProduct[]): Made {
	const was = draft.was;
	if (was?.kind !== "stock") return lacks("history.lacks-amount");
	const { quarters: _quarters, microlitres: _microlitres, note: _note, ...rest } = was;
	const note = some("note", draft.note);
	if (was.change === "opened") return ok({ ...rest, ...note });
	const typed = draft.amounts[was.product];
	const product = products.find((one) => one.id === was.product);
	const liquid = product === undefined ? (was.microlitres ?? 0) > 0 : !solid(product);
	const count = typed === undefined ? null : liquid ? inThousandths(typed.ml) : quartersOf(typed);
	if (count === null || (count === 0 && was.change !== "counted")) return lacks("history.lacks-number");
	return ok({ ...rest, ...(liquid ? { microlitres: count } : { quarters: count }), ...note });
}

function wholeTyped(text: string): number | null {
	const said = text.trim().replace("−", "-") || "0";
	return /^-?\d{1,4}$/.test(said) ? Number(said) : null;
}

function some<N extends string>(name: N, text: string): { [name in N]?: string } {
	return (text.trim() === "" ? {} : { [name]: text.trim() }) as { [name in N]?: string };
}

function ok(what: What): Made {
	return { what, lacks: null };
}

function lacks(key: Key): Made {
	return { what: null, lacks: key };
}
