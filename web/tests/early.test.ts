import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Device, RECORD, Server } from "./world";

type Early = typeof import("../src/server/early") &
	typeof import("../src/server/packet") &
	typeof import("../src/live/me.svelte");
const PACKET = `records/${RECORD}/packet`;
let server: Server;
let asked: { path: string; language: string | null }[];
let records: { id: string }[];

beforeEach(() => {
	server = new Server();
	asked = [];
	records = [{ id: RECORD }, { id: "another" }];
	vi.stubGlobal("navigator", { languages: ["pt", "de-AT", "en"] });
	vi.stubGlobal("indexedDB", new IDBFactory());
	vi.stubGlobal("fetch", async (address: string, init: RequestInit = {}) => {
		const path = address.replace("/api/v1/", "");
		asked.push({ path, language: new Headers(init.headers).get("Accept-Language") });
		return path === "records" ? Response.json(records) : server.fetch(address, init);
	});
	vi.resetModules();
});
afterEach(() => {
	vi.useRealTimers();
	vi.unstubAllGlobals();
});

async function page(): Promise<Early> {
	const early = await import("../src/server/early");
	return { ...early, ...(await import("../src/server/packet")), ...(await import("../src/live/me.svelte")) };
}

async function asks(...paths: string[]): Promise<void> {
	await vi.waitFor(() => expect(asked.map(({ path }) => path)).toEqual(paths));
	await new Promise((then) => setTimeout(then, 20));
	expect(asked.map(({ path }) => path)).toEqual(paths);
}

it("asks for what the first screen shows, in the language of the device, and the app takes it", async () => {
	const app = await page();
	app.askEarly();
	await asks("session", "records", PACKET);
	expect(asked.at(-1)?.language).toBe("de");
	expect(await app.me.greet()).toBe(true);
	await app.me.look();
	expect(app.me.record).toBe(RECORD);
	expect((await app.fetchPacket(RECORD)).packet.built).toBe("2026-12-01T08:00:00.000001Z");
	await asks("session", "records", PACKET);
	await app.fetchPacket(RECORD);
	await app.me.meet();
	await asks("session", "records", PACKET, PACKET, "session", "records");
});

it("asks for no packet where something is kept already", async () => {
	await (await new Device().tab()).unheard();
	const app = await page();
	app.askEarly();
	await asks("session", "records");
});

it("asks no more where nobody is known, or no record is there", async () => {
	server.somebody = false;
	(await page()).askEarly();
	await asks("session");
	server.somebody = true;
	records = [];
	vi.resetModules();
	(await page()).askEarly();
	await asks("session", "session", "records");
});

it("gives nothing of what was asked for somebody else, or long ago", async () => {
	const app = await page();
	app.askEarly();
	await asks("session", "records", PACKET);
	await app.me.greet();
	await app.me.greet(); // another code was typed meanwhile
	expect(app.taken("records")).toBeNull();
	expect(app.taken(PACKET)).toBeNull();
	vi.resetModules();
	vi.stubGlobal("indexedDB", new IDBFactory());
	const slow = await page();
	vi.useFakeTimers({ toFake: ["performance"] });
	slow.askEarly();
	vi.advanceTimersByTime(60_001);
	expect(slow.taken("session")).toBeNull();
});

it("does not take a packet that is older than what is known of the journal", async () => {
	const tab = await new Device().tab();
	const early = await import("../src/server/early");
	vi.stubGlobal("indexedDB", new IDBFactory()); // the one that is asked whether something is kept; the tab has its own already
	early.askEarly();
	await asks("session", "records", PACKET);
	await tab.keepPacket(RECORD, server.packet(RECORD), null);
	await tab.keep({ id: "1", record: RECORD, entry: { id: "1" } as never, cursor: null, refused: null });
	await tab.stored(["1"], 1, "a".repeat(64));
	expect(await tab.places(RECORD)).not.toEqual([]);
	await tab.fetchPacket(RECORD).catch(() => undefined);
	expect(asked.filter(({ path }) => path === PACKET)).toHaveLength(2);
});
