import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { Entry } from "../src/packet/types";
import { canonical, copyOf, digest, readCopy } from "../src/screens/settings/copy";

const PERSON = "00000000-0000-7000-8000-000000000001";
let n = 0;
function note(text: string, change: Partial<Entry> = {}): Entry {
	n += 1;
	return {
		id: `01a05871-10fb-745d-a2e8-${String(n).padStart(12, "0")}`,
		person: PERSON,
		author: "A. Name",
		device: "phone",
		at: "2026-11-20T08:00:00Z",
		zone: "Europe/Berlin",
		recorded: "2026-11-20T08:00:01Z",
		what: { kind: "note", text },
		...change,
	};
}
const problems = async (text: string, person: string | null = PERSON) =>
	(await readCopy(text, person)).faults.map(({ path, problem }) => `${path}|${problem}`);

describe("one spelling", () => {
	it("sorts keys at every depth and leaves lists as they are", () =>
		expect(canonical({ b: [2, { d: null, c: "é\n" }], a: true })).toBe('{"a":true,"b":[2,{"c":"é\\n","d":null}]}'));
	it("hashes as other programs do", async () =>
		expect(await digest("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
});

describe("a copy", () => {
	it("is read back as it was, once each", async () => {
		const [one, other] = [note("ü “x” </script>"), note("2")];
		const read = await readCopy(await copyOf([one, other, one]), PERSON);
		expect(read.faults).toEqual([]);
		expect(read.entries).toEqual([one, other]);
	});
	it("goes into an empty record too", async () =>
		expect((await readCopy(await copyOf([note("1")]), null)).person).toBe(PERSON));
	it("is of one person", async () =>
		await expect(copyOf([note("1"), note("2", { person: "x" })])).rejects.toThrow(RangeError));
	it("is refused when a letter was changed", async () => {
		const text = await copyOf([note("10 mg")]);
		expect((await readCopy(text.replace("10 mg", "80 mg"), PERSON)).entries).toEqual([]);
		expect(await problems(text.replace("10 mg", "80 mg"))).toEqual([expect.stringContaining("changed")]);
	});
	it("is refused when an entry is missing and the count was not", async () => {
		const copy = JSON.parse(await copyOf([note("1"), note("2")]));
		copy.entries.pop();
		copy.sha256 = await digest(canonical(copy.entries));
		expect(await problems(JSON.stringify(copy))).toHaveLength(1);
	});
	it("is refused for another person's record", async () =>
		expect(await problems(await copyOf([note("1")]), "somebody-else")).toEqual([
			expect.stringContaining("another person"),
		]));
	it("tells every fault of every entry at once", async () => {
		const bad = [
			note("1", { id: "x" }),
			note("2"),
			note("3", { recorded: "2026-11-19T00:00:00Z" }),
			note("4", { what: { kind: "later" } as unknown as Entry["what"] }),
		];
		const read = await readCopy(await copyOf(bad), PERSON);
		expect(read.entries).toEqual([]);
		expect(read.faults.map(({ path }) => path)).toEqual(["entries[0]", "entries[2]", "entries[3]"]);
	});
	it.each(["", "{", "[]", "null", '{"schema":"other/1"}', "GIF89a"])("is not %j", async (text) =>
		expect(await problems(text)).toEqual([expect.stringContaining("not a copy")]),
	);
	it("of a newer program is not guessed at", async () =>
		expect(await problems('{"schema":"gradatim/export/2"}')).toEqual([expect.stringContaining("newer")]));
	it("that is sealed says so", async () =>
		expect(await problems("age-encryption.org/v1\n…")).toEqual([expect.stringContaining("passphrase")]));
});

describe("the copy of an account", () => {
	it("gives the record that is open", async () => {
		const other = note("b", { person: "b" });
		const records = { r1: JSON.parse(await copyOf([note("a")])), r2: JSON.parse(await copyOf([other])) };
		const text = JSON.stringify({ schema: "gradatim/account/1", records });
		expect((await readCopy(text, "b")).entries).toEqual([other]);
		expect(await problems(text, "c")).toHaveLength(1);
	});
});

describe("a journal", () => {
	async function journal(...pages: Entry[][]): Promise<string> {
		let before = "0".repeat(64);
		const lines: string[] = [];
		for (const data of [
			{ person: PERSON, schema: "gradatim/journal/1", more: true },
			...pages.map((entries, first) => ({ entries, first, schema: "gradatim/entry/1" })),
		]) {
			const body = canonical({ ...data, after: before });
			before = await digest(body);
			lines.push(`${body.slice(0, -1)},"hash":"${before}"}`);
		}
		return `${lines.join("\n")}\n`;
	}
	it("is read line by line", async () => {
		const [one, other] = [note("1"), note("2")];
		expect((await readCopy(await journal([one], [other]), PERSON)).entries).toEqual([one, other]);
	});
	it("is refused when a line was changed or is missing, and says which", async () => {
		const text = await journal([note("first")], [note("second")]);
		expect(await problems(text.replace("first", "f1rst"))).toEqual([expect.stringMatching(/^line 2\|/)]);
		expect(await problems(text.split("\n").toSpliced(1, 1).join("\n"))).toEqual([expect.stringMatching(/^line 2\|/)]);
	});
});

it("knows every kind of entry that the server describes", () => {
	const schema = JSON.parse(
		readFileSync(fileURLToPath(new URL("../../docs/reference/schemas/entry.json", import.meta.url)), "utf8"),
	);
	const kinds = [...JSON.stringify(schema).matchAll(/"kind":\{[^}]*?"const":"([a-z-]+)"/g)]
		.map(([, kind = ""]) => kind)
		.filter((kind) => !["step", "hold", "review"].includes(kind)); // parts of a plan, inside an entry
	expect(kinds.length).toBeGreaterThan(15);
	return Promise.all(
		kinds.map(async (kind) => {
			const text = await copyOf([note("x", { what: { kind } as unknown as Entry["what"] })]);
			expect([kind, await problems(text)]).toEqual([kind, []]);
		}),
	);
});
