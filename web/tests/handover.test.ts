import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Device, RECORD, Server, type Tab, write } from "./world";

type Kept = typeof import("../src/kept/handover") &
	typeof import("../src/kept/owner") &
	typeof import("../src/kept/settings");
const PATH = `records/${RECORD}/plan`;
const DRAFT = `draft ${RECORD}`;
let device: Device;
let server: Server;

beforeEach(() => {
	server = new Server();
	vi.stubGlobal("fetch", server.fetch);
	device = new Device();
});
afterEach(() => vi.unstubAllGlobals());

/** The app in one tab, or after a reload. */
async function opened(): Promise<Tab & Kept> {
	const tab = {
		...(await device.tab()),
		...(await import("../src/kept/handover")),
		...(await import("../src/kept/owner")),
		...(await import("../src/kept/settings")),
	};
	await tab.recallOwner();
	return tab;
}

/** A tab in which an account was told to act. */
async function actedBy(account: string, same = true): Promise<Tab & Kept> {
	const tab = await opened();
	await tab.handOver(account, same);
	tab.actFor(account);
	return tab;
}

/** What lies on the device, by table. */
async function disk(tab: Tab): Promise<Record<string, string>> {
	const open = await tab.database();
	const found: Record<string, string> = {};
	for (const name of open.objectStoreNames)
		found[name] = JSON.stringify([await open.getAllKeys(name), await open.getAll(name)]);
	return found;
}

describe("a device that goes from one account to another", () => {
	it("keeps nothing of the first but what the server does not have", async () => {
		const tab = await actedBy("a");
		await tab.keepAnswer(PATH, { dose: "10 mg" });
		await tab.keepAnswer("knowledge/scales", 1);
		await tab.keepSetting(DRAFT, { weight: "70 kg" });
		await tab.keepSetting(`prefetched ${RECORD} en`, "2026-12-01T08:00:00Z");
		await tab.keepSetting("looks", { text: "large" });
		await write(tab);
		await tab.send();
		await tab.fetchPacket(RECORD);
		const acknowledged = await write(tab);
		await tab.send();
		const unsent = await write(tab);
		const next = await actedBy("b");
		const { unheard, heard, journals, answers, settings } = await disk(next);
		expect([heard, journals]).toEqual(["[[],[]]", "[[],[]]"]);
		expect(answers).toContain("knowledge/scales");
		expect(answers).not.toContain("records/");
		expect(settings).toContain("large");
		expect(settings).not.toContain(RECORD);
		expect(unheard).toContain(unsent.id);
		expect(unheard).not.toContain(acknowledged.id);
		expect(await next.answer(PATH)).toBeNull();
	});

	it("sends what an account wrote as that account and as no other", async () => {
		const mine = await write(await actedBy("a"));
		const second = await actedBy("b");
		const theirs = await write(second);
		expect(await second.unheard()).toHaveLength(1);
		expect((await second.send()).sent).toBe(1);
		expect(server.journal().map(({ id }) => id)).toEqual([theirs.id]);
		expect(await second.unheard(RECORD)).toHaveLength(1);
		const again = await actedBy("a");
		expect((await again.send()).sent).toBe(1);
		expect(server.journal().map(({ id }) => id)).toEqual([theirs.id, mine.id]);
	});

	it("neither shows nor takes anything in a tab that does not know it yet", async () => {
		const stale = await actedBy("a");
		await stale.keepAnswer(PATH, "of a");
		const next = await actedBy("b");
		await next.keepAnswer(PATH, "of b");
		await next.keepSetting(DRAFT, "of b");
		await next.fetchPacket(RECORD);
		expect(await stale.handedOn()).toBe(true);
		expect(await stale.answer(PATH)).toBeNull();
		expect(await stale.setting(DRAFT, null)).toBeNull();
		expect((await stale.recalled(RECORD)).packet).toBeNull();
		await stale.keepAnswer(PATH, "late, of a");
		await stale.keepSetting(DRAFT, "late, of a");
		await stale.fetchPacket(RECORD);
		const late = await write(stale);
		const found = await disk(next);
		expect(found.answers + (found.settings ?? "")).not.toContain("late");
		expect(JSON.parse(found.unheard ?? "")[1]).toMatchObject([{ id: late.id, account: "a" }]);
		expect((await next.answer(PATH))?.data).toBe("of b");
	});

	it("leaves what an older app kept to who used it, and to nobody else", async () => {
		const old = await device.tab();
		await old.keepAnswer(PATH, 1);
		const made = await write(old);
		const same = await actedBy("a", true);
		expect((await same.answer(PATH))?.data).toBe(1);
		expect((await same.unheard()).map(({ id }) => id)).toEqual([made.id]);

		device = new Device();
		const older = await device.tab();
		await older.keepAnswer(PATH, 1);
		await write(older);
		const other = await actedBy("b", false);
		expect(await other.answer(PATH)).toBeNull();
		expect(await other.unheard()).toEqual([]);
		expect(await other.ofAnybody()).toHaveLength(1);
	});
});
