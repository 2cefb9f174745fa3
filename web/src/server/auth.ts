// Signing in: what django-allauth answers at `/_allauth/browser/v1/`. Passwords and codes go through here and are kept nowhere.

import { type Asking, ask } from "./ask";
import { Problem } from "./problem";

/** One thing wrong with what was typed: in which field, and which of allauth's words for it. */
export interface Wrong {
	param: string;
	code: string;
	message: string;
}

/** One way on that the server offers; `is_pending`: it waits for this one. */
interface Flow {
	id: string;
	is_pending?: boolean;
	types?: string[];
}

export interface User {
	id: string;
	display?: string;
	email?: string;
	has_usable_password?: boolean;
}

interface Said<T> {
	status: number;
	data?: T & { flows?: Flow[]; user?: User };
	meta?: Record<string, unknown> & { is_authenticated?: boolean };
	errors?: Wrong[];
}

/** What the next step is, once something was sent to sign in. */
export type Next =
	| { step: "in"; user: User }
	| { step: "second"; types: readonly string[] }
	| { step: "confirm" }
	| { step: "name" }
	| { step: "nobody" };

/** What was typed is not taken, and why. */
export class Refused extends Error {
	constructor(readonly wrong: readonly Wrong[]) {
		super(wrong.map((one) => one.message).join(" "));
		this.name = "Refused";
	}
}

const BASE = "/_allauth/browser/v1/";
const fits = (found: unknown): boolean => typeof (found as Partial<Said<unknown>> | null)?.status === "number";

async function said<T>(path: string, asking: Asking = {}): Promise<Said<T>> {
	const takes = [400, 401, ...(asking.takes ?? [])];
	const found = await ask<Said<T>>(path, { ...asking, base: BASE, takes, fits });
	if (found.status === 400) throw new Refused(found.errors ?? []);
	return found;
}

/** Send one step of signing in, and hear what the next one is. Raises `Refused`, `Problem` or `Unreachable`. */
export async function step(path: string, asking: Asking = {}): Promise<Next> {
	return next(await said(path, asking));
}

/** Who is signed in in this browser, or at which step somebody is. */
export function standing(): Promise<Next> {
	return step("auth/session");
}

const LATELY = 540; // seconds: the server takes a proof for ten minutes

/** Whether somebody proved here, not long ago and after they signed in, that it is still them. By this device's clock: where that is wrong, they
 * are asked once too often, or later. */
export async function provedLately(): Promise<boolean> {
	const { data } = await said<{ methods?: { at: number; reauthenticated?: boolean }[] }>("auth/session");
	const proofs = (data?.methods ?? []).filter((one) => one.reauthenticated === true);
	return proofs.some(({ at }) => Math.abs(Date.now() / 1000 - at) < LATELY);
}

export function signOut(): Promise<Next> {
	return step("auth/session", { method: "DELETE" });
}

/** Ask for, or change, something of the account that is signed in. Raises `Problem` `sign-in-again` where the server wants to know first who it is. */
export async function own<T>(path: string, asking: Asking = {}): Promise<{ data: T; meta: Record<string, unknown> }> {
	const found = await said<T>(path, asking);
	if (found.status === 401) throw new Problem(403, "sign-in-again", "", "", []);
	return { data: found.data as T, meta: found.meta ?? {} };
}

/** What the server offers to who is not known yet. */
export interface Offered {
	signUp: boolean;
	/** It sends mail: addresses are confirmed, and a forgotten password is set by a link. */
	mail: boolean;
	passkeys: boolean;
	/** The name of the provider that may sign people in, or null. */
	provider: string | null;
}

interface Config {
	account: { is_open_for_signup: boolean; email_verification_by_code_enabled: boolean };
	socialaccount?: { providers: { name: string }[] };
	mfa?: { passkey_login_enabled: boolean };
}

export async function offered(): Promise<Offered> {
	const { account, socialaccount, mfa } = (await own<Config>("config")).data;
	return {
		signUp: account.is_open_for_signup,
		mail: account.email_verification_by_code_enabled, // the server asks for codes by mail where it has mail, and only there
		passkeys: mfa?.passkey_login_enabled === true,
		provider: socialaccount?.providers[0]?.name ?? null,
	};
}

const STEPS: Readonly<Record<string, "second" | "confirm" | "name">> = {
	mfa_authenticate: "second",
	verify_email: "confirm",
	provider_signup: "name",
};

function next({ status, data }: Said<unknown>): Next {
	if (status === 200 && data?.user !== undefined) return { step: "in", user: data.user };
	const pending = data?.flows?.find((one) => one.is_pending === true);
	const found = pending === undefined ? undefined : STEPS[pending.id];
	if (found === "second") return { step: "second", types: pending?.types ?? [] };
	return { step: found ?? "nobody" };
}
