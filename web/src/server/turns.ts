// One at a time, in all tabs and the worker: who sends, and who fetches a packet. What they change is right without turns too; a browser
// that has no locks, or a tab that sleeps while it has one, keeps nobody waiting for ever.

const PATIENCE = 30_000; // milliseconds
const here = new Map<string, Promise<unknown>>();

/** Do something when nobody else does it. */
export async function inTurn<T>(name: string, work: () => Promise<T>): Promise<T> {
	const locks = (globalThis.navigator as Partial<Navigator> | undefined)?.locks;
	if (locks === undefined) return inThisPage(name, work);
	const stop = new AbortController();
	const timer = setTimeout(() => stop.abort(), PATIENCE);
	let begun = false;
	try {
		return await locks.request(name, { signal: stop.signal }, () => {
			begun = true;
			clearTimeout(timer);
			return work();
		});
	} catch (error) {
		if (begun || !stop.signal.aborted) throw error;
		return work();
	} finally {
		clearTimeout(timer);
	}
}

async function inThisPage<T>(name: string, work: () => Promise<T>): Promise<T> {
	const before = here.get(name) ?? Promise.resolve();
	const mine = before.then(work, work);
	here.set(
		name,
		mine.catch(() => undefined),
	);
	return mine;
}
