// What somebody writes down about the box: what is typed, and the entry that it makes, or what is lacking.

import { countText, inThousandths, millilitres } from "../../packet/amount";
import type { What } from "../../packet/types";
import { type Key, t } from "../../words";

export type Change = "counted" | "received" | "lost" | "opened";
export type StockEntry = Extract<What, { kind: "stock" }>;

/** A product as it is chosen from. */
export interface Choice {
	id: string;
	name: string;
	liquid: boolean;
}

export interface Typed {
	product: string;
	whole: string;
	part: string;
	ml: string;
	expires: string;
	batch: string;
	keeps: string;
	note: string;
}

export const NOTHING: Typed = {
	product: "",
	whole: "",
	part: "0",
	ml: "",
	expires: "",
	batch: "",
	keeps: "",
	note: "",
};

export type Made = { what: StockEntry; lacks: null } | { what: null; lacks: Key };

/** The entry, or what is lacking. Nothing typed is a question, and never 0. */
export function make(change: Change, typed: Typed, choice: Choice | undefined): Made {
	if (choice === undefined) return { what: null, lacks: "box.lacks-product" };
	const what: StockEntry = { kind: "stock", change, product: choice.id };
	if (typed.note.trim() !== "") what.note = typed.note.trim();
	if (change === "opened") {
		if (typed.keeps.trim() === "") return { what, lacks: null };
		if (!/^\d{1,3}$/.test(typed.keeps.trim())) return { what: null, lacks: "box.lacks-number" };
		return { what: { ...what, in_use_days: Number(typed.keeps) }, lacks: null };
	}
	const blank = choice.liquid ? typed.ml.trim() === "" : typed.whole.trim() === "" && typed.part === "0";
	if (blank) return { what: null, lacks: change === "counted" ? "box.lacks-count" : "box.lacks-amount" };
	const count = choice.liquid ? inThousandths(typed.ml) : quarters(typed);
	if (count === null) return { what: null, lacks: "box.lacks-number" };
	if (count === 0 && change !== "counted") return { what: null, lacks: "box.lacks-amount" };
	if (choice.liquid) what.microlitres = count;
	else what.quarters = count;
	if (change === "received") {
		if (typed.expires !== "") what.expires = typed.expires;
		if (typed.batch.trim() !== "") what.batch = typed.batch.trim();
	}
	return { what, lacks: null };
}

/** How much it is, in words: tablets are counted, and never given in mg. */
export function amountText(what: StockEntry, choice: Choice): string {
	if (what.change === "opened") return choice.name;
	if (choice.liquid) return t("box.amount-ml", { ml: millilitres(what.microlitres ?? 0), name: choice.name });
	const count = what.quarters ?? 0;
	if (count === 0) return t("box.amount-none", { name: choice.name });
	return t(count <= 4 ? "box.amount-one" : "box.amount-many", { count: countText(count), name: choice.name });
}

function quarters(typed: Typed): number | null {
	const whole = typed.whole.trim() || "0";
	return /^\d{1,5}$/.test(whole) ? Number(whole) * 4 + Number(typed.part) : null;
}
