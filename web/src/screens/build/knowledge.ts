// What the server knows of tablets and of published ways up and down; only what is shown here.

export interface Product {
	id: string;
	market: string;
	name: string;
	form: string;
	source: string[];
	strength?: string;
	concentration?: string;
	scored?: boolean;
	divisible_into?: number;
	note?: string;
}
export interface Amount {
	per_dose?: string;
	per_day?: string;
	per_day_per_kg?: string;
}
export interface Protocol {
	id: string;
	title: string;
	applies_to?: string;
	population?: string;
	source: string[];
	markets?: string[];
	usable?: boolean;
	start?: Amount;
	step?: Amount | string;
	interval?: string;
	times?: number[];
	usual_day?: string;
	maximum_day?: string;
	maximum_dose?: string;
	total?: string;
	fraction?: string;
	if_symptoms?: string;
	needs?: string;
	note?: string;
}

/** Those that give every number a plan needs, and those that need steps of the prescriber's own beside them; the ones of a country first. */
export function sorted(protocols: readonly Protocol[], market: string): { whole: Protocol[]; partial: Protocol[] } {
	const near = (one: Protocol): number => (one.markets?.includes(market) ? 0 : one.markets === undefined ? 1 : 2);
	const all = protocols.toSorted((one, other) => near(one) - near(other));
	return { whole: all.filter((one) => one.usable !== false), partial: all.filter((one) => one.usable === false) };
}

/** An amount as the source gives it. */
export function amountOf(amount: Amount | string | undefined): { key: keyof Amount | "plain"; said: string } | null {
	if (amount === undefined) return null;
	if (typeof amount === "string") return { key: "plain", said: amount };
	if (amount.per_dose !== undefined) return { key: "per_dose", said: amount.per_dose };
	if (amount.per_day !== undefined) return { key: "per_day", said: amount.per_day };
	return amount.per_day_per_kg === undefined ? null : { key: "per_day_per_kg", said: amount.per_day_per_kg };
}
