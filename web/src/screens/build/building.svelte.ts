// The draft that is being made of a record, with what it is made from. One for the app: it outlives a look at another screen.

import { answer, keepAnswer } from "../../kept/answers";
import { keepSetting, setting } from "../../kept/settings";
import { me } from "../../live/me.svelte";
import { live } from "../../live/record.svelte";
import { locale } from "../../pieces/days";
import { ask, type Schemas } from "../../server/ask";
import { Problem } from "../../server/problem";
import { Checker } from "./checker.svelte";
import { type Draft, empty, recalled } from "./draft";
import type { Product, Protocol } from "./knowledge";
import { askingOf } from "./order";
import { type Beside, beside } from "./told";

type Followed = Schemas["FollowedOut"];
type Person = Schemas["Person"];
interface Condition {
	code: string;
	title: string;
}
const PAGES = 6; // of entries that are looked through for the person, of a record without a plan

class Building {
	draft = $state<Draft>(empty());
	/** What was kept has been read. */
	ready = $state(false);
	/** Of which record. */
	#record: string | null = null;
	followed = $state.raw<Followed | null>(null);
	products = $state.raw<Product[]>([]);
	markets = $state.raw<string[]>([]);
	titrations = $state.raw<Protocol[]>([]);
	tapers = $state.raw<Protocol[]>([]);
	conditions = $state.raw<Condition[]>([]);
	checker = new Checker();
	/** What was written down by approving. */
	done = $state.raw<Schemas["StoredOut"] | null>(null);

	document = $derived(this.followed?.document ?? null);
	asking = $derived(askingOf(this.draft, this.document, this.products));
	/** What is said of the draft as it stands now. */
	told = $derived(this.checker.current?.beside ?? []);
	shelf = $derived(this.products.filter((one) => one.market === this.draft.person.market));

	/** What is said beside a field. */
	beside(path: string, deep = false): Beside[] {
		return beside(this.told, path, deep);
	}

	/** Open what was typed for this record, and fetch what it is made from. */
	async open(record: string): Promise<void> {
		if (this.#record === record && this.ready) {
			void this.#fetch(record, false);
			return;
		}
		this.#record = record;
		this.ready = false;
		this.done = null;
		const kept = await setting<unknown>(name(record), null);
		if (this.#record !== record) return;
		this.draft = recalled(kept);
		await this.#recall(record);
		this.ready = true;
		await this.#fetch(record, kept === null);
	}

	async keep(): Promise<void> {
		if (this.#record !== null && this.ready) await keepSetting(name(this.#record), $state.snapshot(this.draft));
	}

	/** Begin anew: what was typed is gone, what is known of the person stays. */
	async clear(): Promise<void> {
		const person = $state.snapshot(this.draft.person);
		this.draft = { ...empty(), person };
		if (this.document !== null) this.#begin(this.document);
		await this.keep();
	}

	/** What was typed for a record that is not open any more has been done. */
	async leave(record: string): Promise<void> {
		if (this.#record !== record) await keepSetting(name(record), null);
	}

	async #recall(record: string): Promise<void> {
		const [plan, products, protocols, monograph] = await Promise.all(
			[`records/${record}/plan`, "knowledge/products", "knowledge/protocols", "knowledge/monograph"].map(answer),
		);
		this.followed = (plan?.data as Followed | undefined) ?? null;
		if (products) this.#products(products.data as Schemas["ProductsOut"]);
		if (protocols) this.#protocols(protocols.data as Schemas["ProtocolsOut"]);
		if (monograph) this.conditions = (monograph.data as Schemas["MonographOut"]).conditions;
	}

	async #fetch(record: string, first: boolean): Promise<void> {
		const get = async <T>(path: string): Promise<T | null> => {
			try {
				const found = await ask<T>(path);
				await keepAnswer(path, found);
				return found;
			} catch (error) {
				if (error instanceof Problem && error.kind === "no-plan") this.followed = null;
				return null;
			}
		};
		const [products, protocols, monograph, followed] = await Promise.all([
			get<Schemas["ProductsOut"]>("knowledge/products"),
			get<Schemas["ProtocolsOut"]>("knowledge/protocols"),
			get<Schemas["MonographOut"]>("knowledge/monograph"),
			get<Followed>(`records/${record}/plan`),
		]);
		if (this.#record !== record) return;
		if (products !== null) this.#products(products);
		if (protocols !== null) this.#protocols(protocols);
		if (monograph !== null) this.conditions = monograph.conditions;
		if (followed !== null) this.followed = followed;
		if (first || this.draft.person.zone === "") await this.#meet(record);
		this.checker.again();
	}

	#products(found: Schemas["ProductsOut"]): void {
		this.products = found.products as unknown as Product[];
		this.markets = found.markets;
	}

	#protocols(found: Schemas["ProtocolsOut"]): void {
		this.titrations = found.titrations as unknown as Protocol[];
		this.tapers = found.tapers as unknown as Protocol[];
	}

	/** Who it is for: from the plan that is followed, else from what was written down, else only where they live by the clock. */
	async #meet(record: string): Promise<void> {
		if (this.document !== null) return this.#begin(this.document);
		const kept = live.known?.person ?? null;
		const told = kept?.id == null ? null : kept; // of nobody, the server says the zone of nowhere
		const person = (await described(record).catch(() => null)) ?? told;
		const region = new Intl.Locale(locale()).region ?? "";
		const market = this.markets.includes(region) ? region : "";
		this.#person({ market, zone: Intl.DateTimeFormat().resolvedOptions().timeZone, ...given(person) });
	}

	#begin(document: Schemas["PlanDocument"]): void {
		this.#person(document.person);
		const plan = document.course.versions.at(-1);
		if (plan === undefined) return;
		const times = plan.slots.map((slot) => slot.at.slice(0, 5));
		const blank = (): string[] => times.map(() => "");
		const { draft } = this;
		draft.products = [...plan.products];
		draft.paper.times = [...times];
		draft.paper.rows = draft.paper.rows.map((row) => ({
			...row,
			amounts: times.map((_, at) => row.amounts[at] ?? ""),
		}));
		Object.assign(draft.protocol, { times: [...times], startDoses: blank(), before: blank() });
		Object.assign(draft.taper, { times: [...times], current: blank() });
		Object.assign(draft.change, { times: [...times], products: [...plan.products] });
	}

	#person(known: Partial<Person> & { zone: string }): void {
		const [creatinine, unit] = (known.creatinine ?? "").split(" ");
		Object.assign(this.draft.person, {
			called: known.called ?? "",
			age: String(known.age ?? ""),
			sex: known.sex ?? "",
			weight: known.weight ?? "",
			height: known.height ?? "",
			creatinine: creatinine ?? "",
			creatinineUnit: unit === "mg/dL" ? "mg/dL" : "umol/L",
			egfr: String(known.egfr ?? ""),
			dialysis: known.dialysis ?? false,
			market: known.market ?? "",
			zone: known.zone,
			indication: known.indication ?? "",
			conditions: [...(known.conditions ?? [])],
			medicines: (known.medicines ?? []).join("\n"),
		});
	}
}

function name(record: string): string {
	return `draft ${record}`;
}

/** Without what is not known, so that it hides nothing that is. */
function given<T extends object>(one: T | null): Partial<T> {
	return Object.fromEntries(
		Object.entries(one ?? {}).filter(([, value]) => value !== null && value !== undefined),
	) as Partial<T>;
}

/** The person as last described in a record that has no plan: those are short. */
async function described(record: string): Promise<Person | null> {
	let found: Person | null = null;
	let after = 0;
	for (let page = 0; page < PAGES; page += 1) {
		const told: Schemas["PullOut"] = await ask(`records/${record}/entries?after=${after}&limit=500`);
		for (const { what } of told.entries as Schemas["Entry"][]) if (what.kind === "person") found = what.person;
		if (!told.more) break;
		after = told.cursor;
	}
	return found;
}

/** Whether this account approves in its own name. */
export function prescribes(): boolean {
	return me.open?.role === "prescriber";
}

export const building = new Building();
