// What a device is called that joins.

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
