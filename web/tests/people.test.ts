import { expect, it } from "vitest";
import { grantable, inOrder, roleWords, scopeWords, usual } from "../src/screens/people/rights";

it("offers what a helper may have at all, and no more than one has oneself", () => {
	expect(grantable("carer", ["log", "today", "share", "account"])).toEqual(["today", "log"]);
	expect(grantable("prescriber", ["today", "read", "log", "plan", "share"])).toEqual(["today", "read", "log", "plan"]);
});

it("offers nothing to choose for a person: all or nothing", () =>
	expect(grantable("person", ["today", "share"])).toEqual([]));

it("chooses at first what each needs", () => {
	expect(usual("carer")).not.toContain("plan");
	expect(usual("prescriber")).toContain("plan");
	expect(usual("person")).toEqual([]);
});

it("says every right and role in words, and what it does not know as it came", () => {
	for (const scope of ["today", "read", "log", "plan", "share", "account"]) expect(scopeWords(scope)).toMatch(/ .* /);
	expect(scopeWords("later")).toBe("later");
	expect(roleWords("carer")).toBe("carer");
	expect(roleWords("nurse")).toBe("nurse");
});

it("keeps one order", () => expect(inOrder(["share", "log", "today"])).toEqual(["today", "log", "share"]));
