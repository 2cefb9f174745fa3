import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as lentModule from "../src/kept/lent";
import { Device, RECORD, Server, type Tab, waits, write } from "./world";

type Lent = typeof import("../src/kept/lent") & typeof import("../src/kept/settings");
const NOBODY = { mode: "accounts", name: null, device: null };
const LENT = { ...NOBODY, name: "A. Name" };
const OWN = { ...LENT, device: "d" };
const PATH = `records/${RECORD}/plan`;
let device: Device;
let server: Server;

beforeEach(() => {
	server = new Server();
	vi.stubGlobal("fetch", server.fetch);
	device = new Device();
});
afterEach(() => vi.unstubAllGlobals());

/** The app in one tab, or after a reload. */
async function opened(): Promise<Tab & Lent> {
	const tab = {
		...(await device.tab()),
		...(await import("../src/kept/lent")),
		...(await import("../src/kept/settings")),
	};
	await tab.recallLent();
	return tab;
}

/** All that lies on the device. */
async function disk(tab: Tab): Promise<Record<string, unknown[]>> {
	const open = await tab.database();
	const found: Record<string, unknown[]> = {};
	for (const name of open.objectStoreNames) found[name] = await open.getAll(name);
	return found;
}

describe("somebody signed in on a device that is not theirs", () => {
	it("is told by the account and by no device", () => {
		const { borrowed } = lentModule;
		expect([LENT, OWN, NOBODY, { ...LENT, mode: "personal" }, null].map(borrowed)).toEqual([
			true,
			false,
			false,
			false,
			false,
		]);
	});

	it("leaves no answer and no packet on it, and has both as long as the page is open", async () => {
		const tab = await opened();
		await tab.lentTo(LENT, null);
		await tab.keepAnswer(PATH, { dose: "10 mg" });
		await tab.keepAnswer("knowledge/scales", 1);
		await tab.keepSetting(`draft ${RECORD}`, { weight: "70 kg" });
		await write(tab);
		await tab.send();
		await tab.fetchPacket(RECORD);
		expect((await tab.answer(PATH))?.data).toEqual({ dose: "10 mg" });
		expect((await tab.recalled(RECORD)).packet?.takings).toHaveLength(1);
		const { settings, answers, ...rest } = await disk(tab);
		expect(rest).toEqual({ unheard: [], heard: [], journals: [] });
		expect((answers as { path: string }[]).map(({ path }) => path)).toEqual(["knowledge/scales"]);
		expect(JSON.stringify(settings)).not.toContain("70 kg");
		const reloaded = await opened();
		await reloaded.keepAnswer(PATH, 1); // before the server is asked who it is
		expect((await disk(reloaded)).answers).toHaveLength(1);
	});

	it("finds nothing of who used the device before", async () => {
		const tab = await opened();
		await tab.lentTo(OWN, null);
		await tab.keepAnswer(PATH, 1);
		await tab.fetchPacket(RECORD);
		expect((await disk(tab)).answers).toHaveLength(2);
		await tab.lentTo(LENT, OWN);
		expect((await disk(tab)).answers).toEqual([]);
		expect(await tab.answer(PATH)).toBeNull();
	});

	it("leaves what was not sent when it ends, and nothing else", async () => {
		const tab = await opened();
		await tab.lentTo(LENT, null);
		await write(tab);
		await tab.send(); // acknowledged, and in no packet yet
		const unsent = await write(tab);
		await tab.keepSetting("record", RECORD);
		await tab.keepSetting("looks", { text: "large" });
		const later = await opened();
		await later.lentTo(NOBODY, null);
		expect(await waits(later)).toEqual([unsent.id]);
		expect((await disk(later)).unheard).toHaveLength(1);
		expect(await later.setting("record", null)).toBeNull();
		expect(await later.setting("looks", null)).toEqual({ text: "large" });
		await later.lentTo(OWN, NOBODY);
		await later.keepAnswer(PATH, 1);
		expect((await disk(later)).answers).toHaveLength(1); // their own device keeps it again
	});

	it("forgets what an older app left there", async () => {
		const tab = await opened();
		await tab.keepAnswer(PATH, 1);
		await tab.lentTo(NOBODY, LENT);
		expect((await disk(tab)).answers).toEqual([]);
	});

	it("sends once more what a server that was set back has lost", async () => {
		const tab = await opened();
		await tab.lentTo(LENT, null);
		const made = await write(tab);
		await tab.send();
		server.journals.set(RECORD, []);
		expect((await tab.fetchPacket(RECORD)).again).toBe(true);
		expect(await waits(tab)).toEqual([made.id]);
	});
});

it("keeps on one's own device what it did", async () => {
	const tab = await opened();
	await tab.lentTo(OWN, null);
	await write(tab);
	await tab.send();
	await tab.fetchPacket(RECORD);
	const { answers, heard, journals } = await disk(tab);
	expect([answers, heard, journals].map((one) => one?.length)).toEqual([1, 1, 1]);
});
