// What went wrong when the server was asked. RFC 9457 problems, and the network itself.

/** One thing that is wrong, where, and what to do about it. */
export interface Fault {
	path: string;
	problem: string;
	remedy: string;
}

/** The server answered, and it was no. `kind` is the last word of the problem's type: `not-found`, `bad-input`…;
 * `unknown` where somebody in between said it. */
export class Problem extends Error {
	constructor(
		readonly status: number,
		readonly kind: string,
		readonly title: string,
		readonly detail: string,
		readonly faults: readonly Fault[],
		/** Seconds after which the server wants to be asked again, where it says so. */
		readonly wait: number | null = null,
	) {
		super(detail || title);
		this.name = "Problem";
	}
}

/** Nobody answered: no network, or no server. */
export class Unreachable extends Error {
	constructor(cause: unknown) {
		super("the server cannot be reached", { cause });
		this.name = "Unreachable";
	}
}

/** The problem that an answer tells, also one that is no problem document, of a proxy in between. */
export async function problemOf(response: Response): Promise<Problem> {
	const wait = Number.parseInt(response.headers.get("Retry-After") ?? "", 10) || null;
	try {
		const said = (await response.json()) as Partial<Record<string, unknown>>;
		const kind = /^urn:gradatim:problem:(.+)$/.exec(String(said.type ?? ""))?.[1] ?? "unknown";
		const faults = Array.isArray(said.faults) ? (said.faults as Fault[]) : [];
		return new Problem(
			response.status,
			kind,
			String(said.title ?? response.statusText),
			String(said.detail ?? ""),
			faults,
			wait,
		);
	} catch {
		return new Problem(response.status, "unknown", response.statusText || String(response.status), "", [], wait);
	}
}
