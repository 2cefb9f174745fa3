// What was written on this device, in words: whole templates, for what the server has not put into words yet.

import { countText, millilitres } from "../../packet/amount";
import type { Packet, What } from "../../packet/types";
import { t } from "../../words";
import { shortDay, wall } from "../../words/time";

/** What an entry says. `other` finds the entry that a correction is about. */
export function said(what: What, packet: Packet | null, other: (id: string) => What | null = () => null): string {
	switch (what.kind) {
		case "dose-taken":
			return t("history.said.dose-taken", { amount: what.amount, dose: doseNamed(what.dose, packet) });
		case "dose-skipped":
			return t("history.said.dose-skipped", { dose: doseNamed(what.dose, packet) });
		case "dose-unsure":
			return t("history.said.dose-unsure", { dose: doseNamed(what.dose, packet) });
		case "extra-dose":
			return t("history.said.extra-dose", { amount: what.amount });
		case "check-in":
			return t("history.said.check-in", { n: what.scores?.length ?? 0 });
		case "symptom":
			return t("history.said.symptom", { sign: signNamed(what.sign, packet) });
		case "measured":
			if (what.weight) return t("history.said.measured-weight", { weight: what.weight });
			if (what.systolic && what.diastolic)
				return t("history.said.measured-pressure", { systolic: what.systolic, diastolic: what.diastolic });
			return t("history.said.measured");
		case "event":
			return t("history.said.event", {
				event: packet?.events.find((one) => one.event === what.event)?.text ?? what.event,
			});
		case "other-taken":
			return t(`history.said.other-${what.change ?? "once"}`, { name: what.name });
		case "stock":
			return t(`history.said.stock-${what.change}`, { amount: stockNamed(what, packet) });
		case "trip":
			return t("history.said.trip", { first: shortDay(what.first), last: shortDay(what.last) });
		case "goal":
			return t("history.said.goal", { goal: what.goal });
		case "note":
			return t("history.said.note", { text: what.text });
		case "watch-answered":
			return t("history.said.watch-answered", { said: what.said });
		case "review-answered":
			return t("history.said.review-answered");
		case "preference":
			return t("history.said.preference", { name: what.name });
		case "person":
			return t("history.said.person");
		case "plan-approved":
		case "plan-superseded":
			return t("history.said.plan");
		case "correction": {
			const was = other(what.corrects);
			if (what.instead) return t("history.said.correction", { text: said(what.instead, packet) });
			return t("history.said.taken-back", { text: was === null ? t("history.said.earlier") : said(was, packet) });
		}
	}
}

/** `14:00 on Sun 22 Nov`; the day alone where the packet does not reach so far back. */
export function doseNamed(id: string, packet: Packet | null): string {
	const dose = packet?.doses.find((one) => one.id === id);
	if (dose !== undefined) return t("history.said.dose-at", { time: wall(dose.time), day: shortDay(dose.day) });
	const day = /:(\d{4}-\d\d-\d\d):/.exec(id)?.[1];
	return day === undefined ? id : shortDay(day);
}

/** The words for a sign or an effect; else the person's own. */
export function signNamed(id: string, packet: Packet | null): string {
	return packet?.signs.find((one) => one.id === id)?.sign ?? packet?.reactions.find((one) => one.id === id)?.name ?? id;
}

/** An amount of a product: tablets are counted, and never given in mg. */
export function stockNamed(
	what: { product: string; quarters?: number; microlitres?: number; change: string },
	packet: Packet | null,
): string {
	const product = packet?.products.find((one) => one.id === what.product);
	const name = product?.name ?? what.product;
	if (what.change === "opened") return name;
	const liquid = product === undefined ? (what.microlitres ?? 0) > 0 : product.strength === null;
	if (liquid) return t("box.amount-ml", { ml: millilitres(what.microlitres ?? 0), name });
	const quarters = what.quarters ?? 0;
	if (quarters === 0) return t("box.amount-none", { name });
	return t(quarters <= 4 ? "box.amount-one" : "box.amount-many", { count: countText(quarters), name });
}
