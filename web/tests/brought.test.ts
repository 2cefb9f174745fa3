import { afterEach, describe, expect, it, vi } from "vitest";
import { brought, LEADS, provider, tab } from "../src/live/brought";
import { SCREENS } from "../src/screens";

describe("what a link brings", () => {
	it.each([
		["#pair=ABCD1234", "pair", "ABCD1234"],
		["#/pair=ABCD1234", "pair", "ABCD1234"],
		["#join=ABCD-EFGH-2345-6789", "join", "ABCD-EFGH-2345-6789"],
		["#confirm=MQ:1abc:de=f", "confirm", "MQ:1abc:de=f"],
		["#reset=1-cxyz-0123", "reset", "1-cxyz-0123"],
		["#reset", "forgot", ""],
		["#sign-up", "up", ""],
		["#sign-in-failed", "failed", ""],
	])("is known: %s", (hash, kind, key) => expect(brought(hash)).toEqual({ kind, key }));

	it("is nothing where an address only says where somebody is", () => {
		for (const hash of ["", "#/now", "#/pair", "#x=1&pair=AB", "#/plan/day/2026-12-01", "#/signin"])
			expect(brought(hash)).toBeNull();
	});

	it("tells why an outside sign-in failed, whatever else stands there", () => {
		expect(brought("", "?error=signup_closed&error_process=login")).toEqual({ kind: "failed", key: "signup_closed" });
		expect(brought("#sign-in-failed", "?error=denied")).toEqual({ kind: "failed", key: "denied" });
	});

	it("is used on a screen that there is", () => {
		for (const place of Object.values(LEADS)) expect(Object.keys(SCREENS)).toContain(place.split("/")[0]);
	});
});

describe("what a tab keeps over a reload", () => {
	afterEach(() => vi.unstubAllGlobals());

	it("is nothing where site data are blocked, and nothing raises", () => {
		Object.defineProperty(globalThis, "sessionStorage", {
			configurable: true,
			get() {
				throw new DOMException("denied", "SecurityError");
			},
		});
		try {
			provider.leaves("own");
			tab.set("x", "y");
			expect([provider.returned(), tab.get("x")]).toEqual([null, null]);
		} finally {
			Reflect.deleteProperty(globalThis, "sessionStorage");
		}
	});

	it("is told once where they are", () => {
		const kept = new Map<string, string>();
		vi.stubGlobal("sessionStorage", {
			getItem: (name: string) => kept.get(name) ?? null,
			setItem: (name: string, value: string) => kept.set(name, value),
			removeItem: (name: string) => kept.delete(name),
		});
		provider.leaves("lent");
		expect(provider.returned()).toEqual({ kind: "returned", key: "lent" });
		expect(provider.returned()).toBeNull();
	});
});
