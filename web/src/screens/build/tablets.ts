// Amounts that a paper gives in tablets. This is the one place where what was typed is turned into milligrams: exact, in whole quarters of
// one tablet and whole micrograms. The server's answer is then held against it, tablet by tablet, before anything is shown as checked.

const PARTS: Readonly<Record<string, number>> = { "¼": 1, "½": 2, "¾": 3, "1/4": 1, "1/2": 2, "3/4": 3 };
const DECIMALS: Readonly<Record<string, number>> = { "": 0, "0": 0, "00": 0, "25": 1, "5": 2, "50": 2, "75": 3 };

/** Quarters of a tablet in `1`, `½`, `1½`, `1 1/2`, `1.5`, `0,25`; null for anything else. */
export function quartersOf(text: string): number | null {
	const said = text.trim().replace(/\s+/g, " ");
	const part = /^(\d{0,3}) ?(¼|½|¾|1\/4|1\/2|3\/4)$/.exec(said);
	if (part !== null) {
		const whole = part[1] ?? "";
		if (whole !== "" && /^\d/.test(part[2] ?? "") && !said.includes(" ")) return null; // 11/2: is it 1½ or eleven halves?
		return Number(whole || "0") * 4 + (PARTS[part[2] ?? ""] ?? 0);
	}
	const number = /^(\d{1,3})(?:[.,](\d*))?$/.exec(said);
	const quarters = number === null ? undefined : DECIMALS[number[2] ?? ""];
	return number === null || quarters === undefined ? null : Number(number[1]) * 4 + quarters;
}

/** The micrograms of a strength as it is printed, `10 mg` or `2.5 mg`; null for anything else. */
export function microgramsOf(strength: string): number | null {
	const found = /^(\d{1,4})(?:\.(\d{1,3}))? mg$/.exec(strength);
	if (found === null) return null;
	return Number(found[1]) * 1000 + Number((found[2] ?? "").padEnd(3, "0"));
}

/** So many quarters of a tablet as milligrams, written exactly; null where no whole number of micrograms comes out. */
export function asMg(quarters: number, micrograms: number): string | null {
	const all = quarters * micrograms;
	if (all % 4 !== 0) return null;
	const amount = all / 4;
	const rest = String(amount % 1000)
		.padStart(3, "0")
		.replace(/0+$/, "");
	return `${Math.floor(amount / 1000)}${rest === "" ? "" : `.${rest}`} mg`;
}
