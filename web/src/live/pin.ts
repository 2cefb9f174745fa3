// The lock's number is not kept, only what cannot be turned back into it: PBKDF2 with SHA-256, a salt of its own, many rounds.

export interface Kept {
	salt: Uint8Array<ArrayBuffer>;
	rounds: number;
	hash: Uint8Array<ArrayBuffer>;
	/** Minutes out of sight after which it is asked again. */
	minutes: number;
	/** Wrong tries since the last right one, and when the last was (milliseconds). */
	wrong: number;
	tried: number;
}

export const SHORTEST = 4;
const ROUNDS = 600_000;
const FREE = 5; // wrong tries before one has to wait
const LONGEST_WAIT = 300; // seconds

/** What is kept of a new number. */
export async function kept(pin: string, minutes: number, rounds = ROUNDS): Promise<Kept> {
	const salt = crypto.getRandomValues(new Uint8Array(16));
	return { salt, rounds, hash: await hashed(pin, salt, rounds), minutes, wrong: 0, tried: 0 };
}

/** Whether it is the number. */
export async function fits(pin: string, { salt, rounds, hash }: Kept): Promise<boolean> {
	const other = await hashed(pin, salt, rounds);
	return other.reduce((differs, byte, place) => differs | (byte ^ (hash[place] ?? 0)), 0) === 0;
}

/** Seconds to wait before the next try: none for the first few, then longer with each. */
export function waiting({ wrong, tried }: Pick<Kept, "wrong" | "tried">, now: number): number {
	if (wrong < FREE) return 0;
	const whole = Math.min(LONGEST_WAIT, 5 * 2 ** (wrong - FREE));
	const gone = (now - tried) / 1000;
	return gone < 0 ? whole : Math.max(0, Math.ceil(whole - gone)); // a clock that was put back does not help
}

async function hashed(pin: string, salt: Uint8Array<ArrayBuffer>, rounds: number): Promise<Uint8Array<ArrayBuffer>> {
	const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin.normalize("NFKC")), "PBKDF2", false, [
		"deriveBits",
	]);
	const bits = await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds }, key, 256);
	return new Uint8Array(bits);
}
