// Amounts in words and in whole numbers. Doses are whole micrograms; what is shown is exact, and nothing is rounded.

import type { PacketDose, PacketProduct } from "./types";

/** What was really taken of one product, as an entry holds it. */
export interface Used {
	product: string;
	strength?: string;
	quarters?: number;
	concentration?: string;
	microlitres?: number;
}

/** Pieces in quarters, or a volume in microlitres, of one product. */
export interface Measure {
	product: PacketProduct;
	/** Quarters of a tablet for a solid, microlitres for a liquid. */
	count: number;
}

export function solid(product: PacketProduct): boolean {
	return product.strength !== null;
}

/** 12500 micrograms → `12.5 mg`. */
export function milligrams(micrograms: number): string {
	return `${thousandths(micrograms)} mg`;
}

/** 2500 microlitres → `2.5 mL`. */
export function millilitres(microlitres: number): string {
	return `${thousandths(microlitres)} mL`;
}

function thousandths(value: number): string {
	const whole = Math.trunc(value / 1000);
	const rest = String(value % 1000)
		.padStart(3, "0")
		.replace(/0+$/, "");
	return rest === "" ? String(whole) : `${whole}.${rest}`;
}

/** `2.5` or `2,5` → 2500 thousandths; null where that is no number, or finer. */
export function inThousandths(text: string): number | null {
	const found = /^(\d{1,5})(?:[.,](\d{1,3}))?$/.exec(text.trim());
	if (found === null) return null;
	return Number(found[1]) * 1000 + Number((found[2] ?? "").padEnd(3, "0"));
}

const PARTS = ["", "¼", "½", "¾"];

/** 6 quarters → `1½`. */
export function countText(quarters: number): string {
	const whole = Math.trunc(quarters / 4);
	return `${whole || ""}${PARTS[quarters % 4]}` || "0";
}

/** What was measured out adds up to, in whole micrograms; null where it is no whole number of them. */
export function micrograms(measures: readonly Measure[]): number | null {
	let sum = 0;
	for (const { product, count } of measures) {
		const parts = solid(product) ? 4 : 1000;
		if ((product.micrograms * count) % parts !== 0) return null;
		sum += (product.micrograms * count) / parts;
	}
	return sum;
}

/** As an entry holds it. */
export function used(measures: readonly Measure[]): Used[] {
	return measures
		.filter((one) => one.count > 0)
		.map(({ product, count }) =>
			product.strength !== null
				? { product: product.id, strength: product.strength, quarters: count }
				: { product: product.id, concentration: product.concentration ?? "", microlitres: count },
		);
}

/** What a dose of the packet is made of. Raises where the packet names a product that it does not describe. */
export function measures(dose: PacketDose, products: readonly PacketProduct[]): Measure[] {
	const of = (id: string): PacketProduct => {
		const found = products.find((one) => one.id === id);
		if (found === undefined) throw new RangeError(`the packet does not describe ${id}`);
		return found;
	};
	const { pieces, volume } = dose.portion;
	if (volume !== null) return [{ product: of(volume.product), count: volume.microlitres }];
	return pieces.map((one) => ({ product: of(one.product), count: one.quarters }));
}

/** Whether an amount is ten times another, or more, or a tenth of it, or less: then a comma or a strength may be wrong. */
export function tenfold(one: number, other: number): boolean {
	return one > 0 && other > 0 && (one >= other * 10 || other >= one * 10);
}
