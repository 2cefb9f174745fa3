// Writes, sends, packets, cuts and backups in any order, in two tabs and another device. Nothing is lost, nothing doubled, nothing drops out
// of sight, and in the end the outbox is empty.

import "fake-indexeddb/auto";
import { afterEach, expect, it, vi } from "vitest";
import { Device, drawn, entry, Locks, RECORD, Server, type Tab, write } from "./world";

const SEEDS = 60;
const STEPS = 30;
const TROUBLE = ["cut", "lost", "broken", "busy", "elsewhere"] as const;

afterEach(() => vi.unstubAllGlobals());

/** What a screen shows of the entries of this device: those that it has in no way are out of sight. */
async function inSight(tab: Tab): Promise<Set<string>> {
	const { all, packet } = await tab.recalled(RECORD);
	return new Set([...all.map((one) => one.id), ...(packet?.takings ?? []).map((one) => one.entry)]);
}

it.each(Array.from({ length: SEEDS }, (_, seed) => seed))("seed %i", async (seed) => {
	const draw = drawn(seed + 1);
	const upTo = (count: number): number => Math.floor(draw() * count);
	const server = new Server();
	let calm = false;
	server.weather = () => (calm || draw() < 0.75 ? "answer" : (TROUBLE[upTo(TROUBLE.length)] ?? "cut"));
	const slow = async (address: string, init: RequestInit): Promise<Response> => {
		for (let turns = upTo(4); turns > 0; turns--) await new Promise((go) => setTimeout(go));
		const answer = await server.fetch(address, init);
		for (let turns = upTo(4); turns > 0; turns--) await new Promise((go) => setTimeout(go));
		return answer;
	};
	vi.stubGlobal("fetch", slow);
	vi.stubGlobal("navigator", seed % 3 === 0 ? {} : { locks: new Locks() }); // every third browser has no locks
	const device = new Device();
	const tabs = [await device.tab(), await device.tab()] as const;
	const one = (): Tab => tabs[upTo(2) === 0 ? 0 : 1];
	const written: string[] = [];
	const under: Promise<unknown>[] = [];
	let backups = 0;

	for (let step = 0; step < STEPS; step++) {
		const tab = one();
		const what = draw();
		if (what < 0.4) {
			const made = await write(tab);
			written.push(made.id);
			expect(await inSight(one())).toContain(made.id);
		} else if (what < 0.65) under.push(tab.send());
		else if (what < 0.85) under.push(tab.fetchPacket(RECORD).catch(() => undefined));
		else if (what < 0.93) server.journal().push(entry(`other ${seed} ${step}`));
		else if (what < 0.96 && server.journal().length > 0 && backups < 2) {
			backups += 1;
			await Promise.all(under); // who answers now is the server that was set back
			server.journal().length = upTo(server.journal().length);
		} else if (under.length > 0) await under[upTo(under.length)];
		const seen = await inSight(tab);
		expect(written.filter((id) => !seen.has(id))).toEqual([]);
	}

	await Promise.all(under);
	calm = true;
	for (let round = 0; round < 3; round++) {
		await one().send();
		await one().fetchPacket(RECORD);
	}
	const there = server.journal().map((entry) => entry.id);
	expect(there.filter((id) => written.includes(id)).sort()).toEqual([...written].sort());
	expect(new Set(there).size).toBe(there.length);
	expect(await tabs[0].unheard()).toEqual([]);
	expect(await inSight(tabs[1])).toEqual(new Set(there));
});
