// One way to ask the server. In the page and in the service worker.

import type { components } from "./api";
import { Problem, problemOf, Unreachable } from "./problem";

export type Schemas = components["schemas"];
export type Session = Schemas["SessionOut"];

const PATIENCE = 20_000; // milliseconds
let csrf: string | null = null;

export interface Asking {
	method?: "GET" | "POST" | "PATCH" | "DELETE";
	body?: unknown;
	/** A word for something that is to be done once, however often it is sent. */
	key?: string;
	signal?: AbortSignal;
}

/** Ask for JSON; `path` begins behind `/api/v1/`. Raises `Problem` or `Unreachable`. */
export async function ask<T>(path: string, asking: Asking = {}): Promise<T> {
	const response = await sent(path, asking);
	return response.status === 204 ? (undefined as T) : ((await response.json()) as T);
}

/** Ask for a file. */
export async function askFile(path: string, asking: Asking = {}): Promise<Blob> {
	return (await sent(path, asking)).blob();
}

/** Who this device is to the server. Raises `Unreachable`. */
export async function session(): Promise<Session> {
	const found = await ask<Session>("session");
	csrf = found.csrf;
	return found;
}

async function sent(path: string, asking: Asking): Promise<Response> {
	const method = asking.method ?? (asking.body === undefined ? "GET" : "POST");
	if (method !== "GET" && csrf === null) await session();
	const first = await fetched(path, method, asking);
	if (first.ok) return first;
	const problem = await problemOf(first);
	if (problem.kind !== "csrf") throw problem;
	await session(); // the cookie is older than the server's key
	const second = await fetched(path, method, asking);
	if (second.ok) return second;
	throw await problemOf(second);
}

async function fetched(path: string, method: string, { body, key, signal }: Asking): Promise<Response> {
	const headers = new Headers({ Accept: "application/json" });
	if (body !== undefined) headers.set("Content-Type", "application/json");
	if (method !== "GET" && csrf !== null) headers.set("X-CSRFToken", csrf);
	if (key !== undefined) headers.set("Idempotency-Key", key);
	const patience = AbortSignal.timeout(PATIENCE);
	const init: RequestInit = {
		method,
		headers,
		cache: "no-store",
		credentials: "same-origin",
		signal: signal === undefined ? patience : AbortSignal.any([patience, signal]),
	};
	if (body !== undefined) init.body = JSON.stringify(body);
	try {
		return await fetch(`/api/v1/${path}`, init);
	} catch (cause) {
		if (signal?.aborted) throw cause;
		throw new Unreachable(cause);
	}
}

/** Whether asking again later may help: nobody was there, or the server could not just then. */
export function passing(error: unknown): boolean {
	return error instanceof Unreachable || (error instanceof Problem && (error.status >= 500 || error.status === 429));
}
