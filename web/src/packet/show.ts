// What a phone shows of a packet at an instant, with what it has not sent yet. It compares, and computes no dose. The same rules in Python
// stand in tests/exchange/packet_client.py; both replay tests/exchange/vectors/packet.

import { dayBefore, plus } from "./instant";
import { settled } from "./settle";
import type { Packet, PacketDay, PacketDose, Shown, State, Unsent } from "./types";

const TO_TAKE: readonly State[] = ["due", "late"];
const OPEN: readonly State[] = ["due", "late", "held", "early"];
const DEALT: Readonly<Record<string, State>> = {
	"dose-taken": "taken",
	"dose-skipped": "skipped",
	"dose-unsure": "unsure",
};
const DONE: readonly State[] = ["taken", "skipped", "unsure"];
const GUARDED = [...Object.keys(DEALT), "extra-dose", "watch-answered", "correction"]; // what the gap guard looks at

type At = [PacketDose, State];

/** What is shown at `now`; `unsent` in the order in which they were written. */
export function show(known: Packet, now: string, unsent: readonly Unsent[] = []): Shown {
	const behind = now < known.built;
	const at = behind ? known.built : now;
	const laid = settled(
		known,
		unsent.filter((one) => one.at <= at),
	);
	const packet = laid.packet;
	const mine = [...laid.unsent].sort((one, other) => compare(one.at, other.at));
	const age = at > packet.good_until ? "stale" : at > packet.fresh_until ? "old" : "fresh";
	const alarms = packet.alarms.filter((one) => one.level === "E" && one.first <= at).map((one) => one.text);
	const asks = [...alarms, ...grave(packet, mine)];
	const shown: Shown = {
		age,
		clock_behind: behind,
		ask_first: asks.length > 0,
		day: null,
		doses: [],
		due: null,
		offer: null,
		next: null,
		wait_until: null,
		held_since: null,
		told: null,
		says: behind ? [packet.words.clock_behind] : [],
	};
	if (asks.length > 0) shown.says.push(...asks, packet.words.ask_first);
	if (age === "stale") {
		shown.says.push(packet.words.stale);
		return shown;
	}
	if (age === "old") shown.says.push(packet.words.last_heard);
	const day = dayAt(packet, at);
	const since = heldSince(packet, at, day, mine);
	const states = packet.doses.map((dose): At => [dose, stateOf(packet, dose, at, mine, since !== null)]);
	const first = dayBefore(day.day, 2);
	const here = states.filter(
		([dose, state]) => dose.day === day.day || (first <= dose.day && dose.day < day.day && OPEN.includes(state)),
	);
	const [due, state] = here.find(([, state]) => TO_TAKE.includes(state)) ?? [null, null];
	const wait = due === null ? null : waitUntil(packet, due, at, mine);
	const told = toldAt(packet, at, mine);
	const unsettled = mine.some((one) => one.kind === "unsettled");
	const offered = due !== null && asks.length === 0 && wait === null && told === null && !unsettled;
	const next = states.find(([dose, state]) => dose.due > at && !DONE.includes(state));
	shown.says.push(...packet.words.missing, ...day.says);
	if (unsettled) shown.says.push(packet.words.unsettled);
	if (since !== null) {
		const held = packet.guard.held.filter((span) => span.since === since).map((span) => span.text);
		shown.says.push(...held, packet.guard.text);
	} else if (told !== null) {
		shown.says.push(told.text);
	}
	if (due !== null && offered) shown.says.push(state === "due" ? due.take : due.late, due.until);
	else if (due !== null && wait !== null) shown.says.push(dayOf(packet, due.day).apart);
	if (due === null && since === null && told === null && asks.length === 0) {
		shown.says.push(...here.filter(([, state]) => state === "missed").map(([dose]) => dose.missed));
	}
	return {
		...shown,
		day: day.day,
		doses: here.map(([dose, state]) => ({ id: dose.id, state })),
		due: due?.id ?? null,
		offer: due !== null && offered ? due.id : null,
		next: next?.[0].id ?? null,
		wait_until: wait,
		held_since: since,
		told: told?.at ?? null,
	};
}

/** The day of the person's own clock at an instant. */
export function dayAt(packet: Packet, at: string): PacketDay {
	const found = packet.days.filter((one) => one.begins <= at).at(-1);
	if (found === undefined) throw new RangeError(`the packet begins after ${at}`);
	return found;
}

function dayOf(packet: Packet, day: string): PacketDay {
	const found = packet.days.find((one) => one.day === day);
	if (found === undefined) throw new RangeError(`the packet has no ${day}`);
	return found;
}

/** What to do about a sign that was noted and not sent: at once, for an emergency. */
function grave(packet: Packet, mine: readonly Unsent[]): string[] {
	const acts = new Map(packet.signs.filter((sign) => sign.level === "E").map((sign) => [sign.id, sign.act]));
	const noted = mine.filter((one) => one.kind === "symptom").flatMap((one) => one.sign ?? []);
	const meant = packet.meanings
		.filter((one) => one.beside === "nothing" && one.noted.some((sign) => noted.includes(sign)))
		.map((one) => one.means);
	return [...new Set([...noted, ...meant])].flatMap((id) => acts.get(id) ?? []);
}

/** Taken outranks the rest; of others the last. */
function dealt(dose: PacketDose, mine: readonly Unsent[]): State | null {
	const kinds = mine.filter((one) => one.dose === dose.id).map((one) => one.kind);
	if (dose.done !== null) kinds.unshift(dose.done.what);
	const last = kinds.at(-1);
	if (last === undefined) return null;
	return kinds.includes("dose-taken") ? "taken" : (DEALT[last] ?? null);
}

function stateOf(packet: Packet, dose: PacketDose, at: string, mine: readonly Unsent[], held: boolean): State {
	const done = dealt(dose, mine);
	if (done !== null) return done;
	if (at < dose.due) return "early";
	const since = packet.guard.since;
	if (since === null || dose.due < since) return "before";
	if (at > dose.closes) return "missed";
	if (held) return "held";
	return at <= dose.on_time_until ? "due" : "late";
}

function takings(packet: Packet, at: string, mine: readonly Unsent[]): [string, boolean][] {
	const known = packet.takings.map((one): [string, boolean] => [one.at, one.ends_gap]);
	const own = mine
		.filter((one) => one.kind === "dose-taken" || one.kind === "extra-dose")
		.map((one): [string, boolean] => [one.at, one.kind === "dose-taken" || (one.despite ?? []).includes("guard-gap")]);
	return [...known, ...own]
		.filter(([when]) => when <= at)
		.sort(([one, ends], [other, too]) => compare(one, other) || Number(ends) - Number(too));
}

function waitUntil(packet: Packet, due: PacketDose, at: string, mine: readonly Unsent[]): string | null {
	const last = takings(packet, at, mine).at(-1);
	if (last === undefined) return null;
	const until = plus(last[0], dayOf(packet, due.day).least_apart * 60);
	return at < until ? until : null;
}

/** What the packet says; and compared anew as soon as something is not sent that the record would count. */
function heldSince(packet: Packet, at: string, day: PacketDay, mine: readonly Unsent[]): string | null {
	if (mine.some((one) => GUARDED.includes(one.kind))) return compared(packet, at, day, mine);
	const span = packet.guard.held.find((one) => one.first <= at && (one.until === null || at < one.until));
	return span?.since ?? null;
}

/** The gap guard by comparison: since when there has been no dose, where that holds the next one. */
export function compared(packet: Packet, at: string, day: PacketDay, mine: readonly Unsent[]): string | null {
	const guard = packet.guard;
	const hours = guard.hours * 3600;
	let last: string | null = null;
	for (const [when, ends] of takings(packet, at, mine))
		if (last === null || ends || when <= plus(last, hours)) last = when;
	let since = last ?? guard.since;
	if (since === null || guard.since === null || (last === null && !day.on_drug) || at <= plus(since, hours))
		return null;
	const anchor = since;
	const back = dayBefore(day.day, guard.look_back_days);
	const passed = packet.doses
		.filter((dose) => dose.due > anchor && back <= dose.day && dose.day <= day.day)
		.map((dose): At => [dose, stateOf(packet, dose, at, mine, false)])
		.filter(([, state]) => state !== "taken" && state !== "early" && state !== "before");
	const first = passed[0];
	if (last === null && first !== undefined && first[0].due > since) since = first[0].due;
	const limit = plus(since, hours);
	const still = plus(limit, guard.on_time_minutes * 60);
	if (at <= limit || passed.every(([, state]) => TO_TAKE.includes(state))) return null;
	if (passed.some(([dose]) => dose.due <= still && at <= dose.on_time_until)) return null;
	const answers = guard.answers.map((one): [string, string] => [one.at, one.until]);
	const mineToo = mine.filter(aboutAGap);
	answers.push(...mineToo.map((one): [string, string] => [one.at, earlier(plus(one.at, hours + 1), one.until)]));
	const from = since;
	return answers.some(([when, until]) => from < when && when <= at && at < until) ? null : since;
}

/** The last that was said counts, until it ends or a plan knows it. */
function toldAt(packet: Packet, at: string, mine: readonly Unsent[]): { at: string; text: string } | null {
	const newest = packet.guard.planned ?? "";
	const ends = (one: Unsent) => (one.at > newest ? plus(one.at, packet.guard.told_hours * 3600 + 1) : one.at);
	const own = mine.filter(aboutAGap).map((one) => ({ at: one.at, until: ends(one), text: one.said ?? "" }));
	const said = [...packet.told.map(({ first, until, text }) => ({ at: first, until, text })), ...own];
	const last = said
		.filter((one) => one.at <= at)
		.reduce<(typeof said)[number] | null>((best, one) => (best === null || one.at >= best.at ? one : best), null);
	return last === null || at >= last.until ? null : last;
}

function aboutAGap(one: Unsent): boolean {
	return one.kind === "watch-answered" && (one.rule ?? "gap") === "gap";
}

function earlier(one: string, other: string | undefined): string {
	return other !== undefined && other < one ? other : one;
}

function compare(one: string, other: string): number {
	return one < other ? -1 : one > other ? 1 : 0;
}
