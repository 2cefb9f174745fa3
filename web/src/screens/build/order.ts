// The question to the server that a draft makes: an order, a way down, a change. No dose is worked out here.

import type { Schemas } from "../../server/ask";
import { isTime } from "./clock";
import type { Draft, PaperDraft, PersonDraft, ReviewsDraft, StepDraft } from "./draft";
import type { Product } from "./knowledge";
import { asMg, microgramsOf, quartersOf } from "./tablets";

type Order = Schemas["Order"];
type PlanDocument = Schemas["PlanDocument"];
export type Missing =
	| "market"
	| "products"
	| "one-tablet"
	| "times"
	| "rows"
	| "start"
	| "target"
	| "way"
	| "days"
	| "kind"
	| "on"
	| "current";

export interface Question {
	path: "plans/draft" | "plans/taper" | "plans/change";
	body: unknown;
	/** Of a paper: which row as typed is which row as sent, and the quarters that were typed in it. */
	rows: { place: number; from: string; quarters: (number | null)[] }[];
	/** Which times as typed were sent. */
	slots: number[];
}
export interface Asking {
	question: Question | null;
	missing: Missing[];
	/** Rows of a paper that are begun and not complete: they are not in the question. */
	begun: number[];
	/** Cells that are no number of tablets. */
	unread: { row: number; slot: number }[];
}

/** What to ask, or what is still to be filled in. */
export function askingOf(draft: Draft, followed: PlanDocument | null, products: readonly Product[]): Asking {
	const document = draft.goesOn ? followed : null;
	const none = { begun: [], unread: [] };
	switch (draft.way) {
		case "paper":
			return paper(draft, document, products);
		case "protocol":
			return { ...none, ...protocol(draft, document) };
		case "taper":
			return { ...none, ...taper(draft, followed) };
		case "change":
			return { ...none, ...change(draft, followed) };
		case null:
			return { ...none, question: null, missing: [] };
	}
}

function ask(
	path: Question["path"],
	body: unknown,
	missing: Missing[],
): { question: Question | null; missing: Missing[] } {
	return { question: missing.length > 0 ? null : { path, body, rows: [], slots: [] }, missing };
}

function paper(draft: Draft, document: PlanDocument | null, products: readonly Product[]): Asking {
	const said = draft.paper;
	const missing: Missing[] = [];
	if (draft.person.market === "") missing.push("market");
	if (draft.products.length === 0) missing.push("products");
	const prescription = { products: draft.products, reviews: reviewsOf(draft.reviews), making: making(draft) };
	const until = said.until === "" ? {} : { until: said.until };
	if (said.counts === "pasted") {
		if (said.pasted.trim() === "") missing.push("rows");
		const start = /^\s*from\b/i.test(said.pasted) || said.start === "" ? {} : { start: said.start };
		const order = {
			person: personOf(draft.person),
			prescription: { ...prescription, ...until, ...start, table: said.pasted },
		};
		return { ...ask("plans/draft", body(order, document), missing), begun: [], unread: [] };
	}
	const strength = said.unit === "tablets" ? onlyTablet(draft.products, products) : null;
	if (said.unit === "tablets" && strength === null && draft.products.length > 0) missing.push("one-tablet");
	const slots = said.times.flatMap((time, place) => (isTime(time) ? [place] : []));
	if (slots.length === 0) missing.push("times");
	if (said.counts === "days" && said.start === "") missing.push("start");
	const { rows, lines, begun, unread } = rowsOf(said, slots, strength);
	if (rows.length === 0 && unread.length === 0 && !missing.includes("one-tablet")) missing.push("rows");
	const head = [said.counts === "dates" ? "from" : "days", ...slots.map((place) => `${said.times[place]} (mg)`)];
	const start = said.counts === "dates" ? (rows[0]?.from ?? "") : said.start;
	const order = {
		person: personOf(draft.person),
		prescription: {
			...prescription,
			...until,
			start,
			table: [head, ...lines].map((line) => line.join(" | ")).join("\n"),
		},
	};
	const asked = ask("plans/draft", body(order, document), missing);
	const question = asked.question === null || unread.length > 0 ? null : { ...asked.question, rows, slots };
	return { question, missing, begun, unread };
}

function body(order: Order, document: PlanDocument | null): { order: Order; document?: PlanDocument } {
	return document === null ? { order } : { order, document };
}

/** The micrograms of the one tablet that was chosen; null where it is not one. */
function onlyTablet(chosen: readonly string[], products: readonly Product[]): number | null {
	const [only] = products.filter((one) => chosen.includes(one.id));
	return chosen.length !== 1 || only?.strength === undefined ? null : microgramsOf(only.strength);
}

/** Rows that say the same as the row before them are one step with it: a review stands before a change only. */
function rowsOf(said: PaperDraft, slots: readonly number[], strength: number | null) {
	const rows: Question["rows"] = [];
	const lines: string[][] = [];
	const begun: number[] = [];
	const unread: Asking["unread"] = [];
	for (const [place, row] of said.rows.entries()) {
		const first = said.counts === "dates" ? row.from : row.days.trim();
		const cells = slots.map((slot) => (row.amounts[slot] ?? "").trim());
		const typed = cells.filter((cell) => cell !== "").length;
		if (typed === 0) continue;
		if (first === "" || typed < cells.length) {
			begun.push(place);
			continue;
		}
		const quarters = cells.map((cell) => (said.unit === "mg" ? null : quartersOf(cell)));
		const doses = cells.map((cell, at) => (said.unit === "mg" ? cell : ofTablets(quarters[at] ?? null, strength)));
		if (said.unit === "tablets")
			for (const [at, one] of quarters.entries()) if (one === null) unread.push({ row: place, slot: slots[at] ?? 0 });
		if (doses.some((dose) => dose === null)) continue;
		const [last, line] = [lines.at(-1), [first, ...doses.map((dose) => dose ?? "")]];
		if (last !== undefined && same(last, line) && goesOn(said, rows.at(-1)?.from, last, line)) continue;
		rows.push({ place, from: row.from, quarters });
		lines.push(line);
	}
	return { rows, lines, begun, unread };
}

function ofTablets(quarters: number | null, strength: number | null): string | null {
	return quarters === null || strength === null ? null : asMg(quarters, strength);
}

function same(one: readonly string[], other: readonly string[]): boolean {
	return one.length === other.length && one.every((cell, at) => at === 0 || cell === other[at]);
}

/** Whether a row comes after the one before it, so that both are one step; by days, the step lasts as long as both. */
function goesOn(said: PaperDraft, from: string | undefined, last: string[], line: readonly string[]): boolean {
	if (said.counts === "dates") return (from ?? "") < (line[0] ?? "");
	const days = [last[0] ?? "", line[0] ?? ""];
	if (!days.every((one) => /^\d{1,4}$/.test(one))) return false;
	last[0] = String(days.reduce((sum, one) => sum + Number(one), 0));
	return true;
}

function protocol(draft: Draft, document: PlanDocument | null) {
	const said = draft.protocol;
	const times = said.times.filter(isTime);
	const missing: Missing[] = [];
	if (draft.products.length === 0) missing.push("products");
	if (said.start === "") missing.push("start");
	if (times.length === 0) missing.push("times");
	if (said.target.trim() === "") missing.push("target");
	if (said.protocol === "" && said.step.kind === "") missing.push("way");
	const before = doses(said.before, said.times);
	const first = doses(said.startDoses, said.times);
	const order: Order = {
		person: personOf(draft.person),
		prescription: {
			products: draft.products,
			start: said.start,
			times,
			target: unit(said.target, "mg"),
			reviews: reviewsOf(draft.reviews),
			making: making(draft),
			...(said.protocol === "" ? {} : { protocol: said.protocol }),
			...stepOf(said.step),
			...number("interval_days", said.interval),
			...(said.spread === "" ? {} : { spread: said.spread }),
			...(first === null ? {} : { start_doses: first }),
			...(before === null ? {} : { before }),
			...number("on_drug_days", said.onDrugDays),
			...(said.until === "" ? {} : { until: said.until }),
		},
	};
	return ask("plans/draft", body(order, document), missing);
}

function taper(draft: Draft, followed: PlanDocument | null) {
	const said = draft.taper;
	const missing: Missing[] = [];
	if (said.start === "") missing.push("start");
	const chosen = { protocol: said.protocol, step: said.step.amount, stop_on: said.stopOn }[said.how];
	if (chosen.trim() === "" || (said.how === "step" && said.interval.trim() === "")) missing.push("way");
	const current = doses(said.current, said.times);
	const how =
		said.how === "protocol"
			? { protocol: said.protocol }
			: said.how === "step"
				? { ...stepOf(said.step), ...number("interval_days", said.interval) }
				: { stop_on: said.stopOn };
	const rest = {
		start: said.start,
		...how,
		...(said.to.trim() === "" ? {} : { to: unit(said.to, "mg") }),
		...(said.floor.trim() === "" ? {} : { floor: unit(said.floor, "mg") }),
		...(said.spread === "" ? {} : { spread: said.spread }),
		reviews: reviewsOf(draft.reviews),
	};
	if (followed !== null) {
		const taken = current === null ? {} : { current };
		return ask("plans/taper", { document: followed, taper: { ...rest, ...taken } }, missing);
	}
	if (draft.products.length === 0) missing.push("products");
	const times = said.times.filter(isTime);
	if (times.length === 0) missing.push("times");
	if (current === null) missing.push("current");
	if (said.onDrugDays.trim() === "") missing.push("days");
	const order = {
		person: personOf(draft.person),
		taper: {
			...rest,
			times,
			current,
			products: draft.products,
			making: making(draft),
			...number("on_drug_days", said.onDrugDays),
		},
	};
	return ask("plans/draft", { order }, missing);
}

function change(draft: Draft, followed: PlanDocument | null) {
	const said = draft.change;
	const missing: Missing[] = [];
	if (said.kind === "") missing.push("kind");
	if (said.on === "") missing.push("on");
	if (said.kind === "slow-down" && said.every.trim() === "") missing.push("days");
	if (said.kind === "switch" && said.products.length === 0) missing.push("products");
	const times = said.times.filter(isTime);
	if (said.kind === "retime" && times.length === 0) missing.push("times");
	if (followed === null) missing.push("kind");
	const note = said.note.trim() === "" ? {} : { note: said.note.trim() };
	const own = {
		"": {},
		hold: { ...number("days", said.days), ...note },
		"step-back": note,
		"slow-down": number("every", said.every),
		switch: { products: said.products, ...number("syringe_mark", said.mark) },
		retime: { times },
	}[said.kind];
	return ask("plans/change", { document: followed, change: { kind: said.kind, on: said.on, ...own } }, missing);
}

/** The person as an order names them. What is left out is not guessed. */
export function personOf(said: PersonDraft): Order["person"] {
	const text = (name: string, value: string): object => (value.trim() === "" ? {} : { [name]: value.trim() });
	return {
		zone: said.zone,
		...text("called", said.called),
		...text("age", said.age),
		...text("sex", said.sex),
		...text("weight", unit(said.weight, "kg")),
		...text("height", unit(said.height, "cm")),
		...text("creatinine", unit(said.creatinine, said.creatinineUnit)),
		...text("egfr", said.egfr),
		...(said.dialysis ? { dialysis: true } : {}),
		...text("market", said.market),
		...text("indication", said.indication),
		...(said.conditions.length > 0 ? { conditions: said.conditions } : {}),
		...(lines(said.medicines).length > 0 ? { medicines: lines(said.medicines) } : {}),
	};
}

function reviewsOf(said: ReviewsDraft): Schemas["Reviews"] {
	const asks = lines(said.asks);
	const steps = said.before === "some" ? { steps: (said.steps.match(/\d+/g) ?? []).map(Number) } : {};
	return { before: said.before, by: said.by, ...steps, ...(asks.length > 0 ? { asks } : {}) };
}

function making(draft: Draft): Schemas["Making"] {
	return { ...(draft.quarters ? { quarters: true } : {}), ...number("mark_microlitres", draft.mark) };
}

function stepOf(said: StepDraft): { step?: Schemas["PerDose"] | Schemas["PerDay"] | Schemas["ByPercent"] } {
	if (said.kind === "" || said.amount.trim() === "") return {};
	if (said.kind === "percent") return { step: { kind: "percent", percent: whole(said.amount) as number } };
	return { step: { kind: said.kind, amount: unit(said.amount, "mg") } };
}

/** One dose for each time that is given; null where none is typed. */
function doses(said: readonly string[], times: readonly string[]): string[] | null {
	const given = times.flatMap((time, place) => (isTime(time) ? [said[place] ?? ""] : []));
	return given.every((one) => one.trim() === "") ? null : given.map((one) => unit(one.trim() || "0", "mg"));
}

/** A number without a unit gets the one that stands beside the field; what else is typed goes as it is, to be refused with a reason. */
export function unit(text: string, name: string): string {
	const said = text.trim();
	return /^[\d.,]+$/.test(said) ? `${said} ${name}` : said;
}

/** A whole number; what is none goes as it is, to be refused with a reason. */
function whole(text: string): number | string {
	return /^\d+$/.test(text.trim()) ? Number(text.trim()) : text.trim();
}

function number(name: string, text: string): object {
	return text.trim() === "" ? {} : { [name]: whole(text) };
}

function lines(text: string): string[] {
	return text
		.split("\n")
		.map((line) => line.trim())
		.filter((line) => line !== "");
}
