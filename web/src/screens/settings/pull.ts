// All entries of a record, with those that this device has not sent.

import { unheard } from "../../kept/unheard";
import type { Entry } from "../../packet/types";
import { ask, type Schemas } from "../../server/ask";

const AT_ONCE = 500;

/** Every entry that the server has and that this device has. `told` hears how many there are so far. */
export async function everything(record: string, told: (entries: number) => void = () => undefined): Promise<Entry[]> {
	const found: Entry[] = [];
	let after = 0;
	let head = "";
	for (let more = true; more; ) {
		const where = `records/${record}/entries?after=${after}&limit=${AT_ONCE}${head === "" ? "" : `&head=${head}`}`;
		const page = await ask<Schemas["PullOut"]>(where);
		found.push(...page.entries);
		({ cursor: after, head, more } = page);
		told(found.length);
	}
	return [...found, ...(await unsent(record))];
}

/** What this device has and the server may not have. What the server refused is not among it: no copy would be read with it. */
export async function unsent(record: string): Promise<Entry[]> {
	return (await unheard(record)).filter((one) => one.refused === null).map((one) => one.entry);
}

/** Give a text to the person as a file. */
export function save(text: string | Blob, name: string): void {
	const file = typeof text === "string" ? new Blob([text], { type: "application/json" }) : text;
	const address = URL.createObjectURL(file);
	const link = document.createElement("a");
	link.href = address;
	link.download = name;
	link.click();
	setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
