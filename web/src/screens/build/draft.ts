// What somebody has typed so far: kept on the device as it was typed, so that a reload or a lost connection loses nothing.

export type Way = "paper" | "protocol" | "taper" | "change";

export interface PersonDraft {
	called: string;
	age: string;
	sex: "" | "female" | "male";
	weight: string;
	height: string;
	creatinine: string;
	creatinineUnit: "umol/L" | "mg/dL";
	egfr: string;
	dialysis: boolean;
	market: string;
	zone: string;
	indication: string;
	conditions: string[];
	medicines: string;
}
export interface PaperRow {
	from: string;
	days: string;
	/** One for each time of the paper, as typed. */
	amounts: string[];
}
export interface PaperDraft {
	/** How the paper counts its rows: by dates, by how many days each lasts, or pasted as text. */
	counts: "dates" | "days" | "pasted";
	start: string;
	unit: "mg" | "tablets";
	times: string[];
	rows: PaperRow[];
	pasted: string;
	until: string;
}
export interface ReviewsDraft {
	before: "each" | "some" | "none";
	by: "person" | "carer" | "clinician";
	steps: string;
	asks: string;
}
export interface StepDraft {
	kind: "" | "per_dose" | "per_day" | "percent";
	amount: string;
}
export type Spread = "together" | "evening-first" | "morning-first" | "morning-last" | "spread";

export interface ProtocolDraft {
	protocol: string;
	start: string;
	times: string[];
	target: string;
	startDoses: string[];
	step: StepDraft;
	interval: string;
	spread: "" | Spread;
	before: string[];
	onDrugDays: string;
	until: string;
}
export interface TaperDraft {
	start: string;
	how: "protocol" | "step" | "stop_on";
	protocol: string;
	step: StepDraft;
	interval: string;
	stopOn: string;
	to: string;
	floor: string;
	spread: "" | Spread;
	times: string[];
	current: string[];
	onDrugDays: string;
}
export interface ChangeDraft {
	kind: "" | "hold" | "step-back" | "slow-down" | "switch" | "retime";
	on: string;
	days: string;
	note: string;
	every: string;
	products: string[];
	mark: string;
	times: string[];
}
export interface ApprovalDraft {
	own: boolean;
	prescriber: string;
	dated: string;
	by: string;
	role: "prescriber" | "pharmacist" | "nurse";
	reasons: Record<string, string>;
}
export interface Draft {
	way: Way | null;
	/** A new version of the plan that is followed; else it comes in its place. */
	goesOn: boolean;
	person: PersonDraft;
	products: string[];
	quarters: boolean;
	mark: string;
	reviews: ReviewsDraft;
	paper: PaperDraft;
	protocol: ProtocolDraft;
	taper: TaperDraft;
	change: ChangeDraft;
	approval: ApprovalDraft;
}

export function row(times: number, from = "", days = ""): PaperRow {
	return { from, days, amounts: Array.from({ length: times }, () => "") };
}

/** Nothing typed. No dose, time or product is assumed. */
export function empty(): Draft {
	const blank = (): string[] => ["", "", ""];
	return {
		way: null,
		goesOn: true,
		person: {
			called: "",
			age: "",
			sex: "",
			weight: "",
			height: "",
			creatinine: "",
			creatinineUnit: "umol/L",
			egfr: "",
			dialysis: false,
			market: "",
			zone: "",
			indication: "",
			conditions: [],
			medicines: "",
		},
		products: [],
		quarters: false,
		mark: "",
		reviews: { before: "each", by: "person", steps: "", asks: "" },
		paper: { counts: "dates", start: "", unit: "mg", times: blank(), rows: [row(3)], pasted: "", until: "" },
		protocol: {
			protocol: "",
			start: "",
			times: blank(),
			target: "",
			startDoses: blank(),
			step: { kind: "", amount: "" },
			interval: "",
			spread: "",
			before: blank(),
			onDrugDays: "",
			until: "",
		},
		taper: {
			start: "",
			how: "protocol",
			protocol: "",
			step: { kind: "per_day", amount: "" },
			interval: "",
			stopOn: "",
			to: "",
			floor: "",
			spread: "",
			times: blank(),
			current: blank(),
			onDrugDays: "",
		},
		change: { kind: "", on: "", days: "", note: "", every: "", products: [], mark: "", times: blank() },
		approval: { own: true, prescriber: "", dated: "", by: "", role: "prescriber", reasons: {} },
	};
}

/** A draft as it was kept, with what a newer version of the app asks besides. */
export function recalled(kept: unknown): Draft {
	const unset = empty();
	if (typeof kept !== "object" || kept === null) return unset;
	const said = kept as Partial<Draft>;
	return {
		...unset,
		...said,
		person: { ...unset.person, ...said.person },
		reviews: { ...unset.reviews, ...said.reviews },
		paper: { ...unset.paper, ...said.paper },
		protocol: { ...unset.protocol, ...said.protocol },
		taper: { ...unset.taper, ...said.taper },
		change: { ...unset.change, ...said.change },
		approval: { ...unset.approval, ...said.approval },
	};
}
