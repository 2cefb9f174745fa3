import { describe, expect, it } from "vitest";
import { links } from "../src/screens/more/links";

const who = (...scopes: string[]) => ({ may: (scope: string) => scopes.includes(scope) });
const names = (...given: Parameters<typeof links>) => links(...given).map(({ to }) => to);

describe("More", () => {
	it("leads to what may be seen", () => {
		expect(names("record", who("today", "read", "log", "plan"), false)).toEqual(["box", "history", "papers", "build"]);
		expect(names("record", who("today"), false)).toEqual(["history"]);
	});
	it("leads in simple mode to what the bar does not", () =>
		expect(names("record", who("read", "log"), true)).toEqual([
			"checkin",
			"plan",
			"insight",
			"box",
			"history",
			"papers",
		]));
	it("always leads to danger and settings", () => {
		expect(names("know", who(), false)).toContain("danger");
		expect(names("app", who(), true)).toContain("settings");
	});

	it("leads to how one signs in where there are accounts, and somebody is signed in", () => {
		const at = (mode: string, name: string | null) => ({ ...who(), session: { mode, name } });
		expect(names("app", at("accounts", "A. Name"), false)).toContain("account");
		expect(names("app", at("accounts", null), false)).not.toContain("account");
		expect(names("app", at("personal", "A. Name"), false)).not.toContain("account");
	});
});
