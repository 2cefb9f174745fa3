// Whether this device is lent: somebody is signed in on it, and it is not theirs. Known by all that keeps something.

let now = false;

export function lent(): boolean {
	return now;
}

export function lend(to: boolean): void {
	now = to;
}

/** What is the same for everybody, and may be kept on any device. */
export function forEverybody(path: string): boolean {
	return path.startsWith("knowledge/");
}
