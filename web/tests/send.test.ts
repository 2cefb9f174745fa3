import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Device, Locks, RECORD, Server, type Tab, waits, write } from "./world";

let device: Device;
let tab: Tab;
let server: Server;

beforeEach(async () => {
	server = new Server();
	vi.stubGlobal("fetch", server.fetch);
	vi.stubGlobal("navigator", { locks: new Locks() });
	device = new Device();
	tab = await device.tab();
});
afterEach(() => vi.unstubAllGlobals());

const ids = (): string[] => server.journal().map((one) => one.id);
const pushes = (): number[] => server.asked.flatMap(({ body }) => (body === null ? [] : [body.entries.length]));

async function several(count: number, text = "a note"): Promise<string[]> {
	const made = [];
	for (let one = 0; one < count; one++) made.push((await write(tab, { kind: "note", text: `${text} ${one}` })).id);
	return made;
}

describe("sending", () => {
	it("stores everything once, in the order of writing", async () => {
		const mine = await several(120);
		expect(await tab.send()).toMatchObject({ sent: 120, error: null });
		expect(ids()).toEqual(mine);
		expect(pushes()).toEqual([50, 50, 20]);
		expect(await waits(tab)).toEqual([]);
		expect(await tab.send()).toMatchObject({ sent: 0 });
	});

	it("sends long texts in small pieces: a slow network gets through with them", async () => {
		await several(20, "x".repeat(10_000));
		await tab.send();
		expect(Math.max(...pushes())).toBeLessThanOrEqual(6);
		expect(server.journal()).toHaveLength(20);
	});

	it.each(["cut", "lost", "broken", "busy", "elsewhere"] as const)(
		"keeps everything when the answer is: %s",
		async (meant) => {
			const mine = await several(60);
			server.script = ["answer", "answer", meant]; // the session, fifty entries, and then
			const done = await tab.send();
			expect(done.error).not.toBeNull();
			expect(await waits(tab)).toEqual(mine.slice(50));
			await tab.send();
			expect(ids()).toEqual(mine);
			expect(await waits(tab)).toEqual([]);
		},
	);

	it("takes no answer for an acknowledgement that does not speak of every entry", async () => {
		await several(2);
		vi.stubGlobal("fetch", async (path: string, init: RequestInit) =>
			path.endsWith("session")
				? server.fetch(path, init)
				: new Response(JSON.stringify({ stored: 1, already: 0, cursor: 1, head: "h", clock: {} })),
		);
		expect((await tab.send()).error).toMatchObject({ name: "Unreachable" });
		expect(await waits(tab)).toHaveLength(2);
	});

	it("asks for a new proof where the cookie is older than the server's key", async () => {
		const mine = await several(1);
		const real = server.fetch;
		let old = true;
		vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
			if (path.endsWith("session") && old) {
				old = false;
				return new Response(JSON.stringify({ csrf: "old" }));
			}
			return real(path, init);
		});
		await tab.send();
		expect(ids()).toEqual(mine);
	});

	it("is done by one of two tabs at a time, and twice is once", async () => {
		const other = await device.tab();
		const mine = await several(60);
		await Promise.all([tab.send(), other.send(), tab.send()]);
		expect(ids()).toEqual(mine);
		expect(pushes()).toEqual([50, 10]);
	});

	it("works without locks", async () => {
		vi.stubGlobal("navigator", {});
		const other = await device.tab();
		const mine = await several(60);
		await Promise.all([tab.send(), other.send(), tab.send()]);
		expect(ids().sort()).toEqual(mine);
		expect(await waits(tab)).toEqual([]);
	});

	it("does not wait for ever for a tab that sleeps with the lock", async () => {
		vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
		const never = (_: string, { signal }: { signal: AbortSignal }): Promise<never> =>
			new Promise((_, refuse) => signal.addEventListener("abort", () => refuse(signal.reason)));
		vi.stubGlobal("navigator", { locks: { request: never } });
		const mine = await several(1);
		const sending = tab.send();
		await vi.advanceTimersByTimeAsync(30_001);
		await sending;
		vi.useRealTimers();
		expect(ids()).toEqual(mine);
	});

	it("says what the server thinks of the clock, and nothing where nothing was sent", async () => {
		server.ahead = 600;
		expect((await tab.send()).clock).toBeNull();
		await several(1);
		expect((await tab.send()).clock).toEqual({ ahead: 600, wrong: true });
	});
});

describe("what the server does not take", () => {
	const fault = { problem: "is wrong", remedy: "mend it" };

	it("is left out by its place, with its faults, and the rest is sent", async () => {
		const mine = await several(10);
		const bad = new Set([mine[3], mine[7]]);
		server.refuses = (one, place) => (bad.has(one.id) ? { path: `entries[${place}].what.text`, ...fault } : null);
		expect((await tab.send()).sent).toBe(8);
		const left = await tab.unheard();
		expect(left.filter((one) => one.refused !== null).map((one) => [one.id, one.refused])).toEqual(
			[mine[3], mine[7]].map((id) => [id, [{ path: "what.text", ...fault }]]),
		);
		expect(ids()).toEqual(mine.filter((id) => !bad.has(id)));
		expect(pushes()).toEqual([10, 8]);
	});

	it("is found by halves where no place is named", async () => {
		const mine = await several(16);
		server.refuses = (one) => (one.id === mine[11] ? { path: "", ...fault } : null);
		await tab.send();
		expect(ids()).toEqual(mine.filter((id) => id !== mine[11]));
		expect((await tab.unheard()).filter((one) => one.refused !== null).map((one) => one.id)).toEqual([mine[11]]);
		expect(pushes().length).toBeLessThan(12);
	});

	it("is sent again when the person says so", async () => {
		const [mine = ""] = await several(1);
		server.refuses = (_, place) => ({ path: `entries[${place}]`, ...fault });
		await tab.send();
		server.refuses = () => null;
		expect((await tab.send()).sent).toBe(0);
		await tab.refused(mine, null);
		expect((await tab.send()).sent).toBe(1);
	});

	it.each(["sent", "schema"])("is no entry where the fault is about %s", async (path) => {
		const mine = await several(3);
		server.refuses = () => ({ path, ...fault });
		const done = await tab.send();
		expect(done.closed.get(RECORD)).toMatchObject({ kind: "bad-input" });
		expect(await waits(tab)).toEqual(mine);
		expect((await tab.unheard()).every((one) => one.refused === null)).toBe(true);
		expect(pushes()).toEqual([3]);
	});

	it.each([
		[403, "not-allowed"],
		[404, "not-found"],
		[409, "in-progress"],
		[410, "gone"],
	])("stays whole where nobody may write: %s %s", async (status, kind) => {
		const mine = await several(3);
		server.problem = { status, kind };
		const done = await tab.send();
		expect(done).toMatchObject({ error: null, sent: 0 });
		expect(done.closed.get(RECORD)).toMatchObject({ status });
		expect(await waits(tab)).toEqual(mine);
		expect((await tab.unheard()).every((one) => one.refused === null)).toBe(true);
	});

	it("keeps no other record back", async () => {
		const elsewhere = await write(tab, undefined, "erased");
		const mine = await several(1);
		expect((await tab.send()).closed.get("erased")).toMatchObject({ kind: "not-found" });
		expect(ids()).toEqual(mine);
		expect(await waits(tab)).toEqual([elsewhere.id]);
	});

	it("waits while this device is ended, and is sent when it is paired again", async () => {
		const mine = await several(3);
		server.somebody = false;
		expect((await tab.send()).error).toMatchObject({ status: 401 });
		expect(await waits(tab)).toEqual(mine);
		server.somebody = true;
		expect((await tab.send()).sent).toBe(3);
	});

	it("is no entry where somebody in between answers 403", async () => {
		const mine = await several(3);
		vi.stubGlobal("fetch", async () => new Response("<h1>Forbidden</h1>", { status: 403 }));
		expect((await tab.send()).error).toMatchObject({ kind: "unknown" });
		expect(await waits(tab)).toEqual(mine);
	});
});
