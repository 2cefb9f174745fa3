import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Entry } from "../src/packet/types";
import type { Schemas } from "../src/server/ask";
import { entry, RECORD } from "./world";

type Prefetch = typeof import("../src/live/prefetch");
type Answers = typeof import("../src/kept/answers");
const WHO = { record: RECORD, records: [RECORD], scopes: ["today", "read"], own: [] };
const PLAN = { document: { course: { versions: [{ start: "2026-11-02" }, { start: "2026-10-05" }] } } };
let asked: string[];
let answers: (path: string) => Response;
let tab: Prefetch & Answers;

beforeEach(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: new Date("2026-12-01T08:00:00Z") });
	vi.stubGlobal("indexedDB", new IDBFactory());
	vi.stubGlobal("requestIdleCallback", (then: () => void) => then());
	asked = [];
	answers = (path) => new Response(JSON.stringify(path.endsWith("/plan") ? PLAN : { path }));
	vi.stubGlobal("fetch", async (address: string) => {
		const path = address.replace("/api/v1/", "");
		asked.push(path);
		return answers(path);
	});
	vi.resetModules();
	tab = { ...(await import("../src/live/prefetch")), ...(await import("../src/kept/answers")) };
});
afterEach(() => {
	vi.unstubAllGlobals();
	vi.useRealTimers();
});

it("keeps what every screen asks", async () => {
	await tab.prefetch(WHO);
	for (const path of tab.questions(WHO)) expect([path, await tab.answer(path)]).toEqual([path, expect.anything()]);
	expect(asked).toContain("knowledge/monograph");
	expect(asked).toContain(`records/${RECORD}/insight?days=84`);
	expect(asked).toContain(`records/${RECORD}/levels?days=7`);
});

it("asks for the days of the plan, from the first of its versions", async () => {
	await tab.prefetch(WHO);
	expect(asked).toContain(`records/${RECORD}/calendar?format=json&mode=to-take&first=2026-10-05`);
	const old = { document: { course: { versions: [{ start: "2020-01-01" }] } } } as unknown as Schemas["FollowedOut"];
	expect(tab.calendars("r", old, "2026-12-01")[0]).toBe("records/r/calendar?format=json&mode=planned&first=2025-10-27");
});

it("asks for nothing that may not be seen", () => {
	expect(tab.questions({ ...WHO, scopes: ["today"] }).filter((path) => path.startsWith("records"))).toEqual([]);
	expect(tab.questions({ ...WHO, record: null }).every((path) => path.startsWith("knowledge/"))).toBe(true);
	expect(tab.questions({ ...WHO, own: ["account"], scopes: ["share"] })).toEqual(
		expect.arrayContaining(["devices", `records/${RECORD}/access`]),
	);
});

it("asks again after an hour and not before, and when the clock was set back", async () => {
	await tab.prefetch(WHO);
	const once = asked.length;
	vi.setSystemTime(new Date("2026-12-01T08:59:00Z"));
	await tab.prefetch(WHO);
	expect(asked.length).toBe(once);
	vi.setSystemTime(new Date("2026-12-01T09:00:00Z"));
	await tab.prefetch(WHO);
	expect(asked.length).toBe(2 * once);
	vi.setSystemTime(new Date("2026-11-30T09:00:00Z"));
	await tab.prefetch(WHO);
	expect(asked.length).toBeGreaterThan(2 * once);
});

it("stops where the server goes, and begins again with what is lacking", async () => {
	answers = (path) => {
		if (path === "knowledge/products") throw new TypeError("Failed to fetch");
		return new Response("{}");
	};
	await tab.prefetch(WHO);
	expect(asked.at(-1)).toBe("knowledge/products");
	answers = () => new Response("{}");
	await tab.prefetch(WHO);
	expect(asked).toContain("knowledge/scales");
	expect(await tab.answer("knowledge/products")).not.toBeNull();
});

it("goes on behind what is refused", async () => {
	const usual = answers;
	const refused = '{"type":"urn:gradatim:problem:no-plan"}';
	answers = (path) => (path.includes("/stock") ? new Response(refused, { status: 409 }) : usual(path));
	await tab.prefetch(WHO);
	expect(await tab.answer(`records/${RECORD}/stock`)).toBeNull();
	expect(await tab.answer(`records/${RECORD}/history?limit=50`)).not.toBeNull();
});

it("keeps a whole copy or nothing, and none twice", async () => {
	const { keepAll } = await import("../src/kept/many");
	const { unheard } = await import("../src/kept/unheard");
	const all = ["a", "b", "c"].map((id) => entry(id));
	expect(await keepAll(RECORD, all.slice(0, 1))).toBe(1);
	expect(await keepAll(RECORD, all)).toBe(2);
	await expect(keepAll(RECORD, [entry("d"), { ...entry("e"), id: null } as unknown as Entry])).rejects.toThrow();
	expect((await unheard()).map((one) => one.id)).toEqual(["a", "b", "c"]);
});

it("erases everything", async () => {
	const { eraseAll } = await import("../src/kept/many");
	await tab.keepAnswer("x", 1);
	await eraseAll();
	vi.resetModules();
	expect(await (await import("../src/kept/answers")).answer("x")).toBeNull();
});
