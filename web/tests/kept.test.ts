import "fake-indexeddb/auto";
import { IDBObjectStore } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { packetPath } from "../src/packet/path";
import { Device, entry, RECORD, Server, type Tab, write } from "./world";

const TAKEN = { kind: "dose-taken", dose: "p1:2026-12-01:s1", amount: "10 mg" } as const;
let device: Device;
let tab: Tab;
let server: Server;

beforeEach(async () => {
	server = new Server();
	vi.stubGlobal("fetch", server.fetch);
	device = new Device();
	tab = await device.tab();
});
afterEach(() => {
	vi.restoreAllMocks();
	vi.unstubAllGlobals();
});

/** A disk with no room for some rows. */
function fullFor(...tables: string[]): void {
	for (const name of ["put", "add"] as const) {
		const real = IDBObjectStore.prototype[name];
		vi.spyOn(IDBObjectStore.prototype, name).mockImplementation(function (this: IDBObjectStore, ...rest) {
			if (tables.includes(this.name)) throw new DOMException("no room", "QuotaExceededError");
			return real.apply(this, rest);
		});
	}
}

describe("the outbox", () => {
	it("keeps an entry beyond the tab, in the order of writing", async () => {
		const [first, second] = [await write(tab), await write(tab)];
		const after = await device.tab();
		expect((await after.unheard()).map((one) => one.entry)).toEqual([first, second]);
	});

	it("tells records apart", async () => {
		await write(tab, undefined, "other");
		const mine = await write(tab);
		expect((await tab.unheard(RECORD)).map((one) => one.id)).toEqual([mine.id]);
	});

	it("makes one entry of a dose that two tabs record", async () => {
		const other = await device.tab();
		const [one, same] = await Promise.all([write(tab, TAKEN), write(other, TAKEN, RECORD, "2026-12-01T08:09:00Z")]);
		expect(same.id).toBe(one.id);
		expect(await tab.unheard()).toHaveLength(1);
	});

	it("makes two of a dose that was taken back in between", async () => {
		const first = await write(tab, TAKEN);
		await write(tab, { kind: "correction", corrects: first.id, why: "not yet" });
		const second = await write(tab, TAKEN);
		expect(second.id).not.toBe(first.id);
		expect((await write(tab, TAKEN)).id).toBe(second.id);
	});

	it("makes two of what is said twice with time between, and one of a tap that was counted twice", async () => {
		const extra = { kind: "extra-dose", amount: "5 mg" } as const;
		const first = await write(tab, extra);
		expect((await write(tab, extra, RECORD, "2026-12-01T08:00:01Z")).id).toBe(first.id);
		expect((await write(tab, extra, RECORD, "2026-12-01T08:01:00Z")).id).not.toBe(first.id);
		expect((await write(tab, extra, "other")).id).not.toBe(first.id);
	});

	it("gives up only what was refused", async () => {
		const { id } = await write(tab);
		await tab.drop(id);
		expect(await tab.unheard()).toHaveLength(1);
		await tab.refused(id, [{ path: "at", problem: "p", remedy: "r" }]);
		await tab.drop(id);
		expect(await tab.unheard()).toHaveLength(0);
	});

	it("does not call refused what the server has", async () => {
		const { id } = await write(tab);
		await tab.stored([id], 1, "h");
		await tab.refused(id, [{ path: "at", problem: "p", remedy: "r" }]);
		expect((await tab.unheard())[0]?.refused).toBeNull();
	});

	it("makes room by forgetting what can be asked for again", async () => {
		await tab.keepAnswer("knowledge/monograph", "long");
		await tab.keepAnswer("session", "who");
		await tab.keepAnswer(packetPath(RECORD), "what to take");
		const real = IDBObjectStore.prototype.add;
		let full = true;
		vi.spyOn(IDBObjectStore.prototype, "add").mockImplementation(function (this: IDBObjectStore, ...rest) {
			if (!full) return real.apply(this, rest);
			full = false;
			throw new DOMException("no room", "QuotaExceededError");
		});
		await write(tab);
		expect(await tab.unheard()).toHaveLength(1);
		expect(await tab.answer("knowledge/monograph")).toBeNull();
		expect((await tab.answer("session"))?.data).toBe("who");
		expect((await tab.answer(packetPath(RECORD)))?.data).toBe("what to take");
	});

	it("raises where the device is full: nobody is told that it was kept", async () => {
		fullFor("unheard");
		await expect(write(tab)).rejects.toThrow("no room");
		expect(await tab.unheard()).toHaveLength(0);
	});

	it("takes nothing away when a later step of the same change fails", async () => {
		const { id } = await write(tab);
		await tab.send();
		fullFor("heard");
		await tab.fetchPacket(RECORD); // there is no room for the copy, so that the packet is not kept either
		vi.restoreAllMocks();
		expect((await tab.unheard()).map((one) => one.id)).toEqual([id]);
		expect((await (await device.tab()).recalled(RECORD)).packet).toBeNull();
	});
});

describe("without a database", () => {
	beforeEach(async () => {
		vi.stubGlobal("indexedDB", undefined);
		vi.resetModules();
		const kept = [import("../src/kept/unheard"), import("../src/kept/answers"), import("../src/kept/packets")] as const;
		const [outbox, answers, packets] = await Promise.all(kept);
		tab = { ...tab, ...outbox, ...answers, ...packets, ...(await import("../src/kept/database")) };
		const server = [import("../src/server/send"), import("../src/server/packet")] as const;
		Object.assign(tab, await import("../src/live/atonce"), ...(await Promise.all(server)));
	});

	it("says that nothing is kept, instead of seeming to keep it", async () => {
		expect(await tab.keeps()).toBe(false);
		await expect(write(tab)).rejects.toMatchObject({ name: "Unkept" });
		expect(await tab.unheard()).toEqual([]);
	});

	it("holds answers as long as the page is open", async () => {
		await tab.keepAnswer("session", "who");
		expect((await tab.answer("session"))?.data).toBe("who");
		await tab.fetchPacket(RECORD);
		expect((await tab.recalled(RECORD)).packet?.based_on.cursor).toBe(0);
	});

	it("sends at once, and shows the entry until a packet holds it", async () => {
		const made = entry(tab.newId(), TAKEN);
		await tab.atOnce({ id: made.id, record: RECORD, entry: made, cursor: null, refused: null });
		expect(server.journal()).toEqual([made]);
		expect((await tab.unheard()).map((one) => one.id)).toEqual([made.id]);
		await tab.fetchPacket(RECORD);
		expect(await tab.unheard()).toEqual([]);
	});

	it("raises where the server is not there, and makes one entry of the second try", async () => {
		const row = (): Parameters<Tab["atOnce"]>[0] => {
			const made = entry(tab.newId(), TAKEN);
			return { id: made.id, record: RECORD, entry: made, cursor: null, refused: null };
		};
		server.script = ["answer", "lost"]; // the session, and then an entry that arrives and is not answered
		await expect(tab.atOnce(row())).rejects.toMatchObject({ name: "Unreachable" });
		expect(await tab.unheard()).toEqual([]);
		await tab.atOnce(row());
		expect(server.journal()).toHaveLength(1);
	});
});

describe("answers", () => {
	it("keeps the last one, beyond the tab", async () => {
		await tab.keepAnswer("a", 1);
		await tab.keepAnswer("a", 2, new Date("2026-12-01T08:00:00Z"));
		expect(await (await device.tab()).answer("a")).toEqual({ path: "a", at: "2026-12-01T08:00:00Z", data: 2 });
	});

	it("is held for the page where there is no room, and kept again later", async () => {
		await tab.keepAnswer("a", 1);
		fullFor("answers");
		await tab.keepAnswer("a", 2);
		expect((await tab.answer("a"))?.data).toBe(2);
		vi.restoreAllMocks();
		await tab.keepAnswer("a", 3);
		expect((await (await device.tab()).answer("a"))?.data).toBe(3);
	});

	it("forgets a record and no other, and no entry", async () => {
		for (const path of ["records/1/packet", "records/1/watch", "records/12/packet", "records", "session"])
			await tab.keepAnswer(path, path);
		await write(tab, undefined, "1");
		await tab.forget("records/1/");
		expect(await tab.answer("records/1/packet")).toBeNull();
		expect(await tab.answer("records/1/watch")).toBeNull();
		for (const path of ["records/12/packet", "records", "session"]) expect((await tab.answer(path))?.data).toBe(path);
		expect(await tab.unheard("1")).toHaveLength(1);
	});

	it("forgets what was another account's", async () => {
		const paths = ["account", "devices", "session", "records", "records/1/packet", "knowledge/monograph"];
		for (const path of paths) await tab.keepAnswer(path, path);
		await tab.forgetAccount();
		const kept = [];
		for (const path of paths) if ((await tab.answer(path)) !== null) kept.push(path);
		expect(kept).toEqual(["session", "records", "records/1/packet", "knowledge/monograph"]);
	});
});

describe("the packet", () => {
	it("takes out of the outbox what it holds, and nothing else", async () => {
		const first = await write(tab);
		await tab.send();
		const second = await write(tab);
		await tab.fetchPacket(RECORD);
		expect((await tab.unheard()).map((one) => one.id)).toEqual([second.id]);
		expect((await tab.recalled(RECORD)).packet?.takings.map((one) => one.entry)).toEqual([first.id]);
	});

	it("is not replaced by an older one that comes late", async () => {
		const old = server.packet();
		const mine = await write(tab);
		await tab.send();
		await tab.fetchPacket(RECORD);
		await tab.keepPacket(RECORD, old, new Set());
		expect((await tab.recalled(RECORD)).packet?.takings.map((one) => one.entry)).toEqual([mine.id]);
	});

	it("stays with its outbox where it cannot be kept, and is shown", async () => {
		await write(tab);
		await tab.send();
		fullFor("answers");
		await tab.fetchPacket(RECORD);
		expect((await tab.recalled(RECORD)).packet?.based_on.cursor).toBe(1);
		expect(await tab.unheard()).toHaveLength(1);
	});

	it("of a version that is not known is not kept", async () => {
		server.schema = "gradatim/packet/2";
		await expect(tab.fetchPacket(RECORD)).rejects.toMatchObject({ kind: "newer" });
		expect((await tab.recalled(RECORD)).packet).toBeNull();
	});

	it("that somebody in between made up is none", async () => {
		server.script = ["elsewhere"];
		await expect(tab.fetchPacket(RECORD)).rejects.toMatchObject({ name: "Unreachable" });
	});
});

describe("a server that was set back to a backup", () => {
	const ids = (): string[] => server.journal().map((one) => one.id);

	async function written(count: number): Promise<string[]> {
		const made = [];
		for (let one = 0; one < count; one++) made.push((await write(tab)).id);
		return made;
	}

	it("gets again what it had from here, also what packets held", async () => {
		const mine = await written(3);
		await tab.send();
		await tab.fetchPacket(RECORD);
		expect(await tab.unheard()).toEqual([]);
		server.journal().length = 1;
		expect((await tab.fetchPacket(RECORD)).again).toBe(true);
		expect((await tab.send()).sent).toBe(3);
		expect(ids()).toEqual(mine);
		expect((await tab.fetchPacket(RECORD)).again).toBe(false);
		expect(await tab.unheard()).toEqual([]);
	});

	it("is seen where others have written since: its journal is as long again, and another", async () => {
		const mine = await written(3);
		await tab.send();
		await tab.fetchPacket(RECORD);
		server.journal().length = 1;
		for (let one = 0; one < 4; one++) server.journal().push(entry(`other ${one}`));
		expect((await tab.fetchPacket(RECORD)).again).toBe(true);
		await tab.send();
		expect(ids()).toEqual(expect.arrayContaining(mine));
	});

	it("is seen where it lost what it had acknowledged before any packet came", async () => {
		const [first] = await written(1);
		await tab.send();
		await tab.fetchPacket(RECORD);
		const [second] = await written(1);
		await tab.send();
		server.journal().length = 1;
		server.journal().push(entry("of another device"), entry("and one more"));
		expect((await tab.fetchPacket(RECORD)).again).toBe(true);
		await tab.send();
		expect(ids()).toEqual(expect.arrayContaining([first, second]));
	});

	it("is seen by a device that may not read the journal, where it became shorter", async () => {
		const mine = await written(2);
		await tab.send();
		await tab.fetchPacket(RECORD);
		server.mayRead = false;
		server.journal().length = 1;
		expect((await tab.fetchPacket(RECORD)).again).toBe(true);
		await tab.send();
		expect(ids()).toEqual(mine);
	});

	it("is seen where as much was sent from here afterwards as it had lost", async () => {
		const mine = await written(3);
		await tab.send();
		await tab.fetchPacket(RECORD);
		server.journal().length = 0;
		mine.push(...(await written(4)));
		await tab.send();
		expect((await tab.fetchPacket(RECORD)).again).toBe(true);
		await tab.send();
		expect(ids().sort()).toEqual(mine);
	});

	it("is not seen in one that only grew", async () => {
		await written(2);
		await tab.send();
		await tab.fetchPacket(RECORD);
		server.journal().push(entry("of another device"));
		expect((await tab.fetchPacket(RECORD)).again).toBe(false);
		server.mayRead = false;
		server.journal().push(entry("one more"));
		expect((await tab.fetchPacket(RECORD)).again).toBe(false);
	});

	it("keeps what the packet held in sight until it is there again", async () => {
		const [mine] = await written(1);
		await tab.send();
		await tab.fetchPacket(RECORD);
		server.journal().length = 0;
		await tab.fetchPacket(RECORD);
		const { all, packet } = await tab.recalled(RECORD);
		expect([...all.map((one) => one.id), ...(packet?.takings ?? []).map((one) => one.entry)]).toEqual([mine]);
	});

	it("gets nothing of a record that is no longer this person's", async () => {
		await written(1);
		await tab.send();
		await tab.fetchPacket(RECORD);
		await tab.forgetHeard(RECORD);
		server.journal().length = 0;
		expect((await tab.fetchPacket(RECORD)).again).toBe(false);
		expect(await tab.unheard()).toEqual([]);
	});

	it("has copies of ninety days and not of ever", async () => {
		vi.useFakeTimers({ now: Date.parse("2026-08-01T08:00:00Z"), toFake: ["Date"] });
		await written(1);
		await tab.send();
		await tab.fetchPacket(RECORD);
		vi.setSystemTime("2026-10-29T08:00:00Z");
		await tab.keepPacket(RECORD, server.packet(), new Set());
		expect(await tab.places(RECORD)).toHaveLength(1);
		vi.setSystemTime("2026-10-31T08:00:00Z");
		await tab.keepPacket(RECORD, server.packet(), new Set());
		expect(await tab.places(RECORD)).toHaveLength(0);
		vi.useRealTimers();
	});
});
