// The code that pairs a device: eight letters and digits, as a link brings it or as somebody types it from another screen.

/** The code in an address that ends in `#pair=CODE`; empty where there is none. */
export function codeOf(hash: string): string {
	return /^#\/?pair=([^&]+)$/.exec(hash)?.[1]?.trim() ?? "";
}

/** What this device may be called, until somebody says otherwise. */
export function labelOf(agent: string): string {
	const known: readonly [RegExp, string][] = [
		[/iphone/i, "iPhone"],
		[/ipad/i, "iPad"],
		[/android/i, "Android"],
		[/windows/i, "Windows"],
		[/macintosh/i, "Mac"],
		[/linux/i, "Linux"],
	];
	return known.find(([mark]) => mark.test(agent))?.[1] ?? "";
}
