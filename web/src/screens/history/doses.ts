// The planned doses of a day, also of one that is older than the packet, with what is recorded about them.

import { milligrams, type Used } from "../../packet/amount";
import type { Entry, Packet } from "../../packet/types";

export interface DayDose {
	id: string;
	time: string;
	/** When it was due. */
	due: string;
	amount: string;
	units: Used[];
	text: string;
	became: "dose-taken" | "dose-skipped" | "dose-unsure" | null;
}

/** The part of a calendar document that is read here. */
export interface CalendarDose {
	id: string;
	time: string;
	at: string;
	date: string;
	mg: number;
	text: string;
	units: { product: string; strength_mg: number; count: number }[] | { product: string; ml: number; mg_per_ml: number };
}

const DEALT = ["dose-taken", "dose-skipped", "dose-unsure"] as const;

/** Of a day that the packet holds; `own` are entries that it does not. Null where it does not reach so far. */
export function fromPacket(packet: Packet, day: string, own: readonly Entry[]): DayDose[] | null {
	if (day < packet.first || day > packet.last) return null;
	return packet.doses
		.filter((one) => one.day === day)
		.map((one) => {
			const { pieces, volume } = one.portion;
			const product = (id: string) => packet.products.find((other) => other.id === id);
			const units: Used[] =
				volume === null
					? pieces.map((piece) => ({
							product: piece.product,
							strength: product(piece.product)?.strength ?? "",
							quarters: piece.quarters,
						}))
					: [
							{
								product: volume.product,
								concentration: product(volume.product)?.concentration ?? "",
								microlitres: volume.microlitres,
							},
						];
			const known = dealt(one.done?.what);
			return {
				id: one.id,
				time: one.time,
				due: one.due,
				amount: one.amount,
				units,
				text: one.portion.text,
				became: known ?? becameIn(one.id, own),
			};
		});
}

/** Of any day, from the calendar of the plan and from what was written down around it. */
export function fromCalendar(doses: readonly CalendarDose[], day: string, entries: readonly Entry[]): DayDose[] {
	return doses
		.filter((one) => one.date === day)
		.map((one) => ({
			id: one.id,
			time: one.time,
			due: one.at,
			amount: milligrams(Math.round(one.mg * 1000)),
			units: Array.isArray(one.units)
				? one.units.map(({ product, strength_mg, count }) => ({
						product,
						strength: milligrams(Math.round(strength_mg * 1000)),
						quarters: Math.round(count * 4),
					}))
				: [
						{
							product: one.units.product,
							concentration: `${milligrams(Math.round(one.units.mg_per_ml * 1000))}/mL`,
							microlitres: Math.round(one.units.ml * 1000),
						},
					],
			text: one.text,
			became: becameIn(one.id, entries),
		}));
}

/** What became of a dose by some entries: taken goes before the rest; what was taken back does not count. */
function becameIn(id: string, entries: readonly Entry[]): DayDose["became"] {
	const gone = new Map<string, Entry["what"] | null>();
	for (const { what } of entries) if (what.kind === "correction") gone.set(what.corrects, what.instead ?? null);
	const found = entries
		.map((one) => (gone.has(one.id) ? (gone.get(one.id) ?? null) : one.what))
		.filter((what) => what !== null && "dose" in what && what.dose === id)
		.map((what) => dealt(what?.kind));
	return found.includes("dose-taken") ? "dose-taken" : (found[0] ?? null);
}

function dealt(kind: string | undefined): DayDose["became"] {
	return DEALT.find((one) => one === kind) ?? null;
}
