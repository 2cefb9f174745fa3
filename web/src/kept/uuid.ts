// Ids of entries: UUIDv7 (RFC 9562), so that they sort by when they were written, also within a millisecond and when
// the clock is set back while the app is open.

let before = 0n;

/** A new id. */
export function newId(
	now = Date.now(),
	random: (bytes: Uint8Array<ArrayBuffer>) => void = (bytes) => crypto.getRandomValues(bytes),
): string {
	const bytes = new Uint8Array(10);
	random(bytes);
	let value = BigInt(now) << 80n;
	for (const [place, byte] of bytes.entries()) value |= BigInt(byte) << BigInt(72 - 8 * place);
	const VERSION = 0xfn << 76n;
	const VARIANT = 0x3n << 62n;
	value = (value & ~VERSION & ~VARIANT) | (0x7n << 76n) | (0x2n << 62n);
	if (value <= before) value = next(before); // the same millisecond, or a clock that was set back
	before = value;
	const hex = value.toString(16).padStart(32, "0");
	return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** One more than an id, in its random end. */
function next(value: bigint): bigint {
	const END = (1n << 62n) - 1n;
	return (value & ~END) | ((value + 1n) & END);
}
