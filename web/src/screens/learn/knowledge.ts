// Everything that can be searched for, as pages: made once from what the server told.

import type { Schemas } from "../../server/ask";
import { t } from "../../words";
import type { Page } from "./find";
import { headingOf } from "./topics";

export type Monograph = Schemas["MonographOut"];
export type Dangers = Schemas["DangerOut"];
export type Products = Schemas["ProductsOut"];

/** The pages of what is there; what is not there yet is left out. */
export function pages(known: Monograph | null, dangers: Dangers | null, products: Products | null): Page[] {
	return [...(dangers === null ? [] : signs(dangers)), ...(known === null ? [] : told(known)), ...shelf(products)];
}

function signs(dangers: Dangers): Page[] {
	return dangers.danger_signs.map(({ sign, act, when }) => ({
		kind: t("learn.kind-danger"),
		title: sign,
		text: act,
		also: when,
		to: "danger",
	}));
}

function told(known: Monograph): Page[] {
	return [
		...known.reactions.map(({ id, name, plain, frequencies }) => ({
			kind: t("learn.effects"),
			title: name,
			text: plain,
			also: frequencies.map(({ note }) => note ?? "").join(" "),
			to: `learn/effects/${id}`,
		})),
		...known.topics.map(({ id, title, text }) => ({
			kind: t(`learn.${headingOf(id)}`),
			title,
			text,
			to: `learn/${id}`,
		})),
		...known.missed_dose.map(({ id, text }) => ({
			kind: t("learn.missed"),
			title: ruleTitle(id),
			text,
			to: `learn/missed/${id}`,
		})),
		{
			kind: t("learn.missed"),
			title: t("learn.gap", { hours: known.gap.hours }),
			text: known.gap.text,
			to: "learn/missed/gap",
		},
		...known.interactions.map(({ id, with_class, action, mechanism, members }) => ({
			kind: t("learn.medicines"),
			title: with_class,
			text: `${action} ${mechanism}`,
			also: members.join(" "),
			to: `learn/medicines/${id}`,
		})),
		...known.conditions.map(({ title }) => ({
			kind: t("learn.conditions"),
			title,
			text: t("learn.conditions-about"),
			to: "learn/conditions",
		})),
		...known.claims.map(({ id, claim, answer }) => ({
			kind: t("learn.say"),
			title: claim,
			text: answer,
			to: `learn/say/${id}`,
		})),
		...Object.entries(known.sources).map(([key, { title, note }]) => ({
			kind: t("learn.sources-title"),
			title,
			text: note ?? "",
			also: key,
			to: `learn/sources/${key}`,
		})),
	];
}

function shelf(products: Products | null): Page[] {
	const text = (value: unknown): string => (typeof value === "string" ? value : "");
	return (products?.products ?? []).map((one) => ({
		kind: t("learn.kind-product"),
		title: text(one.name),
		text: [text(one.storage), text(one.note)].filter(Boolean).join(" "),
		also: text(one.market),
		to: "learn/storage",
	}));
}

/** What a missed-dose rule is called. */
export function ruleTitle(id: string): string {
	if (id === "nhs" || id === "eu-leaflet" || id === "strict") return t(`learn.missed-${id}`);
	return t("learn.missed-other");
}
