// One way to ask the server. In the page and in the service worker.

import { owner } from "../kept/owner";
import { spoken } from "../words/spoken";
import type { components } from "./api";
import { Problem, problemOf, Unreachable } from "./problem";

export type Schemas = components["schemas"];
export type Session = Schemas["SessionOut"];
export type RecordOut = Schemas["RecordOut"];

/** Milliseconds until an answer begins, and then until it has come whole: a slow network is not none. */
const PATIENCE = { answer: 30_000, whole: 120_000 };
let csrf: string | null = null;
/** What is dispatched where the server says that this browser is another account's by now. */
export const OTHER = "gradatim-other-account";
const WHO = "session";
const BASE = "/api/v1/";
/** The header that says for whom is asked: where this browser is somebody else's by now, the server answers nothing. */
export const ACCOUNT = "Gradatim-Account";

export interface Asking {
	method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
	/** Where the path begins; the interface where nothing is said. */
	base?: string;
	/** Statuses beside those of success that are answers, and no problems. */
	takes?: readonly number[];
	headers?: Readonly<Record<string, string>>;
	body?: unknown;
	/** A word for something that is to be done once, however often it is sent. */
	key?: string;
	signal?: AbortSignal;
	/** Whether this can be the answer. Somebody in between may say 200 to everything: the page of a hotel's network. */
	fits?: (found: unknown) => boolean;
}

/** Ask for JSON; `path` begins behind `/api/v1/`. Raises `Problem` or `Unreachable`. */
export async function ask<T>(path: string, asking: Asking = {}): Promise<T> {
	return sent(path, asking, async (response) => {
		if (response.status === 204) return undefined as T;
		const found: unknown = await response.json();
		if (asking.fits !== undefined && !asking.fits(found))
			throw new TypeError("this is not the answer of a server of Gradatim");
		return found as T;
	});
}

/** Ask for a file. */
export async function askFile(path: string, asking: Asking = {}): Promise<Blob> {
	return sent(path, asking, (response) => response.blob());
}

/** Who this device is to the server. Raises `Unreachable`. */
export async function session(): Promise<Session> {
	const found = await ask<Session>(WHO, {
		fits: (one) => typeof (one as Partial<Session> | null)?.csrf === "string",
	});
	csrf = found.csrf;
	return found;
}

/** Which records this device may see. Raises `Problem` or `Unreachable`. */
export function records(headers: Readonly<Record<string, string>> = {}): Promise<RecordOut[]> {
	return ask("records", { headers, fits: Array.isArray });
}

async function sent<T>(path: string, asking: Asking, read: (response: Response) => Promise<T>): Promise<T> {
	const method = asking.method ?? (asking.body === undefined ? "GET" : "POST");
	if (method !== "GET" && csrf === null) await session();
	try {
		return await fetched(path, method, asking, read);
	} catch (error) {
		if (!(error instanceof Problem) || error.kind !== "csrf") throw error;
		await session(); // the cookie is older than the server's key
		return fetched(path, method, asking, read);
	}
}

async function fetched<T>(
	path: string,
	method: string,
	{ body, key, signal, base = BASE, takes = [], headers: more = {} }: Asking,
	read: (response: Response) => Promise<T>,
): Promise<T> {
	const headers = new Headers({ Accept: "application/json", "Accept-Language": spoken(), ...more });
	if (body !== undefined) headers.set("Content-Type", "application/json");
	if (method !== "GET" && csrf !== null) headers.set("X-CSRFToken", csrf);
	if (key !== undefined) headers.set("Idempotency-Key", key);
	const account = owner();
	if (account !== null && base === BASE && path !== WHO) headers.set(ACCOUNT, account);
	const stop = new AbortController(); // one for both reasons: not every browser can join two signals
	const stopped = (): void => stop.abort();
	if (signal?.aborted) stopped();
	signal?.addEventListener("abort", stopped);
	let timer = setTimeout(stopped, PATIENCE.answer);
	const init: RequestInit = { method, headers, cache: "no-store", credentials: "same-origin", signal: stop.signal };
	if (body !== undefined) init.body = JSON.stringify(body);
	try {
		const response = await fetch(`${base}${path}`, init);
		clearTimeout(timer);
		timer = setTimeout(stopped, PATIENCE.whole);
		if (!response.ok && !takes.includes(response.status)) throw await refusal(response);
		return await read(response);
	} catch (cause) {
		if (signal?.aborted || cause instanceof Problem) throw cause;
		throw new Unreachable(cause); // also an answer that was cut off, or is none of ours
	} finally {
		clearTimeout(timer);
		signal?.removeEventListener("abort", stopped);
	}
}

async function refusal(response: Response): Promise<Problem> {
	const problem = await problemOf(response);
	if (problem.kind === "other-account") globalThis.dispatchEvent?.(new Event(OTHER));
	return problem;
}

/** Whether asking again later may help: nobody was there, or the server could not just then. */
export function passing(error: unknown): boolean {
	if (error instanceof Unreachable) return true;
	if (!(error instanceof Problem)) return false;
	return error.status >= 500 || error.status === 429 || (error.kind === "unknown" && error.status !== 413);
}
