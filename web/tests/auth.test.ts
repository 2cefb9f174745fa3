import { afterEach, describe, expect, it, vi } from "vitest";
import { offered, own, Refused, standing, step } from "../src/server/auth";
import { bytes, text } from "../src/server/passkey";
import { Problem } from "../src/server/problem";

interface Request {
	path: string;
	method: string;
	headers: Headers;
	body: unknown;
}

/** A server that answers so, one answer after the other; and what it was asked. */
function server(...answers: [number, unknown, Record<string, string>?][]): Request[] {
	const seen: Request[] = [];
	vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
		if (path === "/api/v1/session") return new Response(JSON.stringify({ csrf: "right" }));
		seen.push({
			path,
			method: init.method ?? "GET",
			headers: new Headers(init.headers),
			body: init.body ? JSON.parse(String(init.body)) : null,
		});
		const [status, body, headers] = answers.shift() ?? [500, {}];
		return new Response(JSON.stringify({ status, ...(body as object) }), { status, headers: headers ?? {} });
	});
	return seen;
}

afterEach(() => vi.unstubAllGlobals());

const PENDING = (flow: object) => ({
	data: { flows: [{ id: "login" }, { ...flow, is_pending: true }] },
	meta: { is_authenticated: false },
});

describe("signing in", () => {
	it("sends the proof against forgery, to where allauth listens", async () => {
		const seen = server([200, { data: { user: { id: "u" } } }]);
		expect(await step("auth/login", { body: { email: "a", password: "b" } })).toEqual({
			step: "in",
			user: { id: "u" },
		});
		expect(seen[0]?.path).toBe("/_allauth/browser/v1/auth/login");
		expect(seen[0]?.headers.get("X-CSRFToken")).toBe("right");
	});

	it.each([
		[
			{ id: "mfa_authenticate", types: ["totp"] },
			{ step: "second", types: ["totp"] },
		],
		[{ id: "verify_email" }, { step: "confirm" }],
		[{ id: "provider_signup" }, { step: "name" }],
	])("goes on where the server waits: %o", async (flow, next) => {
		server([401, PENDING(flow)]);
		expect(await standing()).toEqual(next);
	});

	it("knows nobody where nothing waits", async () => {
		server([401, { data: { flows: [{ id: "login" }] } }]);
		expect(await standing()).toEqual({ step: "nobody" });
	});

	it("says what is wrong in which field", async () => {
		const wrong = { param: "password", code: "email_password_mismatch", message: "No." };
		server([400, { errors: [wrong] }]);
		const error = await step("auth/login", { body: {} }).catch((one: unknown) => one);
		expect(error).toBeInstanceOf(Refused);
		expect((error as Refused).wrong).toEqual([wrong]);
	});

	it("says how long to wait", async () => {
		server([429, {}, { "Retry-After": "300" }]);
		const error = await step("auth/login", { body: {} }).catch((one: unknown) => one);
		expect(error).toBeInstanceOf(Problem);
		expect([(error as Problem).status, (error as Problem).wait]).toEqual([429, 300]);
	});

	it("asks to sign in again where the account itself is asked for", async () => {
		server([401, { meta: { is_authenticated: true }, data: { flows: [{ id: "reauthenticate" }] } }]);
		await expect(own("account/authenticators/totp", { method: "DELETE" })).rejects.toMatchObject({
			kind: "sign-in-again",
		});
	});

	it("knows what the server offers", async () => {
		const account = { is_open_for_signup: false, email_verification_by_code_enabled: true };
		server([
			200,
			{ data: { account, socialaccount: { providers: [{ name: "Clinic" }] }, mfa: { passkey_login_enabled: true } } },
		]);
		expect(await offered()).toEqual({ signUp: false, mail: true, passkeys: true, provider: "Clinic" });
	});
});

it("takes bytes to text and back, as passkeys write them", () => {
	for (let length = 0; length < 70; length++) {
		const some = Uint8Array.from({ length }, (_, place) => (place * 89 + length * 31) % 256);
		const said = text(some);
		expect(said).toMatch(/^[\w-]*$/);
		expect([...bytes(said)]).toEqual([...some]);
	}
});
