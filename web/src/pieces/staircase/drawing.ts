// Where everything stands in the picture of the stairs: days to x, milligrams to y, and which labels find room. It draws what it is given.

import { dayPlus, daysBetween, shortDay } from "../days";
import type { Held, Stairs, TakenDay, Tread } from "./stairs";

const WIDE = 0.4; // the share of the width that a last step may take before it is cut with a break
const LETTER = 0.56; // the mean width of a letter in sizes of type, on the wide side

export interface Label {
	x: number;
	y: number;
	text: string;
	anchor: "start" | "middle" | "end";
}
export interface Block {
	tread: Tread;
	left: number;
	right: number;
	top: number;
	/** The doses of the day, one on the other, with the place of their time of day. */
	slots: { place: number; top: number; height: number }[];
	/** Planned only: the doses are held before it. */
	planned: boolean;
}
export interface Drawing {
	width: number;
	height: number;
	left: number;
	right: number;
	bottom: number;
	grid: { y: number; text: string }[];
	blocks: Block[];
	held: { left: number; right: number; top: number; label: Label | null } | null;
	gates: { x: number; y: number; narrow: boolean }[];
	versions: { x: number; text: string; labelled: boolean }[];
	today: { x: number; y: number; labelled: boolean } | null;
	/** Where days are left out of the last step. */
	broken: number | null;
	heights: Label[];
	dates: Label[];
	ticks: number[];
	/** What was taken, as pieces of a line: a gap stays a gap. */
	taken: string[];
}

interface Box {
	left: number;
	top: number;
	right: number;
	bottom: number;
}

class Room {
	constructor(
		readonly left: number,
		readonly right: number,
		readonly taken: Box[] = [],
	) {}

	/** Take a place when it is free and inside. */
	take(box: Box, margin = 0): boolean {
		const meets = (other: Box): boolean =>
			box.left - margin < other.right &&
			other.left < box.right + margin &&
			box.top < other.bottom &&
			other.top < box.bottom;
		if (box.left < this.left || box.right > this.right || this.taken.some(meets)) return false;
		this.taken.push(box);
		return true;
	}
}

/** The words that stand in the picture. */
export interface Words {
	mg(mg: number): string;
	version(version: number): string;
	stopped: string;
	today: string;
}

/** The picture, `width` pixels wide, with type of `size` pixels. Labels without room are left out: the table has every number. */
export function drawing(
	stairs: Stairs,
	width: number,
	size: number,
	words: Words,
	held: Held | null = null,
	taken: readonly TakenDay[] = [],
): Drawing {
	const grid = gridOf(Math.max(stairs.highest_mg, held?.mg ?? 0, ...taken.map((one) => one.mg)));
	const high = grid.at(-1) ?? 1;
	const wide = (text: string): number => text.length * size * LETTER;
	const left = Math.max(...grid.map((mg) => wide(words.mg(mg)))) + 8;
	const right = width - 4;
	const top = size * 3.6;
	const bottom = top + Math.min(Math.max(width * 0.3, 110), 220);
	const x = horizontal(stairs, left, right);
	const y = (mg: number): number => bottom - ((bottom - top) * mg) / high;

	const blocks = stairs.treads.map((tread): Block => {
		const ends = { left: x(tread.first), right: x(dayPlus(tread.last, 1)) };
		let below = 0;
		const slots = tread.doses.flatMap((dose, place) => {
			if (dose.mg === 0) return [];
			const piece = { place, top: y(below + dose.mg), height: y(below) - y(below + dose.mg) };
			below += dose.mg; // for the height on the paper
			return [piece];
		});
		return { tread, ...ends, top: y(tread.mg), slots, planned: held !== null && tread.last >= held.first };
	});
	const landing = held === null ? null : landingOf(held);

	function landingOf(rest: Held): NonNullable<Drawing["held"]> {
		const ends = { left: x(rest.first), right: x(dayPlus(rest.last, 1)), top: y(rest.mg) };
		const text = words.mg(rest.mg);
		const fits = ends.right - ends.left > wide(text) + 12 && bottom - ends.top > size * 1.8;
		const label: Label = { x: ends.left + 6, y: ends.top + size * 1.4, text, anchor: "start" };
		return { ...ends, label: fits ? label : null };
	}
	const room = new Room(left - 4, right + 4);
	for (const one of blocks) room.taken.push({ left: one.left + 0.5, top: one.top - 2, right: one.right - 0.5, bottom });
	if (landing !== null)
		room.taken.push({ left: landing.left, top: landing.top - 3, right: landing.right, bottom: landing.top + 3 });
	const versions = stairs.versions.map((one) => {
		const text = words.version(one.version);
		const at = x(one.day);
		const half = wide(text) / 2;
		const labelled = room.take({ left: at - half, top: 0, right: at + half, bottom: size * 1.2 }, 2);
		return { x: at, text, labelled };
	});
	const today =
		stairs.today === null ? null : personAt(stairs.today, (x(stairs.today) + x(dayPlus(stairs.today, 1))) / 2);
	function personAt(day: string, at: number): Drawing["today"] {
		const on = stairs.treads.find((one) => one.first <= day && day <= one.last);
		const foot = (held !== null && held.first <= day ? y(held.mg) : y(on?.mg ?? 0)) - 2;
		room.taken.push({ left: at - 6, top: foot - 28, right: at + 6, bottom: foot });
		const half = wide(words.today) / 2;
		const label = { left: at - half, top: foot - 30 - size, right: at + half, bottom: foot - 30 };
		return { x: at, y: foot, labelled: room.take(label, 1) };
	}
	const gates = stairs.gates.flatMap((gate) => {
		const before = blocks.find((one) => dayPlus(one.tread.last, 1) === gate.day);
		if (before === undefined) return [];
		const narrow = before.right - before.left < 12;
		const at = before.right - 1.5;
		room.taken.push({ left: at - (narrow ? 2 : 9), top: before.top - 13, right: at, bottom: before.top });
		return [{ x: at, y: before.top - 2, narrow }];
	});
	return {
		width,
		height: bottom + size * 1.9,
		left,
		right,
		bottom,
		grid: grid.map((mg) => ({ y: y(mg), text: words.mg(mg) })),
		blocks,
		held: landing,
		gates,
		versions,
		today,
		broken: brokenAt(stairs, x),
		heights: heightsOf(blocks, room, size, wide, words),
		dates: datesOf(stairs, x, right, bottom, size, wide),
		ticks: stairs.treads.map((tread) => x(tread.first)),
		taken: linesOf(taken, stairs, x, y),
	};
}

/** Round numbers of milligrams for the lines behind the stairs: at most four, the last at or above the highest dose. */
function gridOf(highest: number): number[] {
	const high = Math.max(highest, 1);
	const step = [1, 2, 3, 5, 10, 15, 20, 25, 30, 40, 50, 100, 200, 500, 1000].find((one) => one * 4 >= high) ?? high;
	return Array.from({ length: Math.ceil(high / step) }, (_, place) => (place + 1) * step);
}

function lastShown(stairs: Stairs): { before: number; days: number; shown: number } {
	const last = stairs.treads.at(-1);
	if (last === undefined) return { before: 0, days: 1, shown: 1 };
	const before = daysBetween(stairs.first, last.first);
	const days = daysBetween(last.first, last.last) + 1;
	const inside = stairs.today !== null && stairs.today >= last.first; // today stands where it is
	const shown = before === 0 || inside ? days : Math.min(days, Math.max((before * WIDE) / (1 - WIDE), 5));
	return { before, days, shown };
}

function horizontal(stairs: Stairs, left: number, right: number): (day: string) => number {
	const { before, days, shown } = lastShown(stairs);
	return (day) => {
		const count = daysBetween(stairs.first, day);
		const at = count <= before ? count : before + ((count - before) * shown) / days;
		return left + ((right - left) * Math.min(Math.max(at, 0), before + shown)) / (before + shown);
	};
}

function brokenAt(stairs: Stairs, x: (day: string) => number): number | null {
	const { days, shown } = lastShown(stairs);
	const last = stairs.treads.at(-1);
	if (last === undefined || shown >= days) return null;
	return x(last.first) + (x(dayPlus(last.last, 1)) - x(last.first)) * 0.72;
}

/** The daily doses over their treads: all with the unit, or, where that is too tight, all as numbers. */
function heightsOf(
	blocks: readonly Block[],
	room: Room,
	size: number,
	wide: (text: string) => number,
	words: Words,
): Label[] {
	const order = [...blocks].sort((one, other) => rank(other) - rank(one));
	function rank(block: Block): number {
		if (block === blocks.at(-1)) return 1e9;
		return block === blocks[0] ? 1e8 : block.tread.mg;
	}
	for (const unit of [true, false]) {
		const trial = new Room(room.left, room.right, [...room.taken]);
		const found = order.flatMap((block) => {
			const said = unit ? words.mg(block.tread.mg) : String(block.tread.mg);
			return place(block, block.tread.mg === 0 ? words.stopped : said, trial, size, wide) ?? [];
		});
		if (found.length === blocks.length || !unit) return found;
	}
	return [];
}

function place(block: Block, text: string, room: Room, size: number, wide: (text: string) => number): Label | null {
	const half = wide(text) / 2;
	const middle = Math.min(Math.max((block.left + block.right) / 2, room.left + 4 + half), room.right - 4 - half);
	for (const lift of [6, 6 + size * 1.1, 6 + size * 2.2]) {
		for (const x of [middle, block.left + half, (block.left + block.right) / 2 - 5]) {
			const y = block.top - lift;
			if (room.take({ left: x - half, top: y - size * 0.85, right: x + half, bottom: y + 1 }, 2))
				return { x, y, text, anchor: "middle" };
		}
	}
	return null;
}

/** As many dates as fit: the first and the last always. */
function datesOf(
	stairs: Stairs,
	x: (day: string) => number,
	right: number,
	bottom: number,
	size: number,
	wide: (text: string) => number,
): Label[] {
	const y = bottom + size * 1.35;
	const room = new Room(0, right + 8);
	const made: Label[] = [];
	const put = (at: number, text: string, anchor: "start" | "end"): void => {
		const left = anchor === "start" ? at : at - wide(text);
		if (room.take({ left, top: y - size, right: left + wide(text), bottom: y + 2 }, 8))
			made.push({ x: at, y, text, anchor });
	};
	const first = stairs.treads[0];
	if (first !== undefined) put(x(first.first) - 2, shortDay(first.first), "start");
	put(right, shortDay(stairs.last), "end");
	for (const tread of stairs.treads.slice(1)) put(x(tread.first) - 2, shortDay(tread.first), "start");
	return made;
}

function linesOf(
	taken: readonly TakenDay[],
	stairs: Stairs,
	x: (day: string) => number,
	y: (mg: number) => number,
): string[] {
	const lines: string[] = [];
	let before: string | null = null;
	for (const one of taken) {
		if (one.day < stairs.first || one.day > stairs.last) continue;
		const [left, right] = [x(one.day), x(dayPlus(one.day, 1))];
		const joined = before !== null && dayPlus(before, 1) === one.day;
		const piece = `${left.toFixed(1)} ${y(one.mg).toFixed(1)}H${right.toFixed(1)}`;
		const last = lines.length - 1;
		if (joined) lines[last] = `${lines[last]}L${piece}`;
		else lines.push(`M${piece}`);
		before = one.day;
	}
	return lines;
}
