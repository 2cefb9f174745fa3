// One try to send a form about signing in: what is wrong in which field, what is wrong beside them, and where the person is then.

import { tick } from "svelte";
import { NotProved } from "../../live/again.svelte";
import { named } from "../../pieces/failed";
import { Refused, type Wrong } from "../../server/auth";
import { NoPasskey } from "../../server/passkey";
import { Problem, Unreachable } from "../../server/problem";
import { type Key, t } from "../../words";

const SAID: Readonly<Record<string, Key>> = {
	email_password_mismatch: "signin.wrong-pair",
	incorrect_password: "signin.wrong-password",
	enter_current_password: "signin.wrong-password",
	incorrect_code: "signin.wrong-code",
	"key incorrect_code": "signin.wrong-mail-code",
	"email invalid": "signin.wrong-email",
	"name invalid": "signin.wrong-name",
	duplicate_email: "account.email-own",
	max_length: "signin.wrong-long",
	required: "signin.wrong-required",
	email_taken: "signin.wrong-taken",
	password_too_short: "signin.wrong-short",
	password_too_common: "signin.wrong-common",
	password_entirely_numeric: "signin.wrong-numbers",
	password_too_similar: "signin.wrong-similar",
	unverified_email: "account.unconfirmed",
};

/** What went wrong, in words already. */
export class Told extends Error {
	override name = "Told";
}

/** What is wrong with one field, in our words where there are some. */
export function wordsFor({ param, code, message }: Wrong): string {
	const key = SAID[`${param} ${code}`] ?? SAID[code];
	return key === undefined ? message : t(key);
}

/** Why it did not work, for what has no field to stand beside. */
export function reason(error: unknown): string {
	if (error instanceof Unreachable) return t("signin.offline");
	if (error instanceof Told) return error.message;
	if (error instanceof NoPasskey) return t("signin.passkey-not");
	if (error instanceof NotProved) return t("signin.again-not");
	if (error instanceof Refused) return error.wrong.map(wordsFor).join(" ");
	if (!(error instanceof Problem)) return t("signin.failed", { why: String(error) });
	if (error.status === 429)
		return error.wait === null ? t("signin.wait-some") : t("signin.wait", { n: Math.ceil(error.wait / 60) });
	return t("signin.failed", { why: named(error) });
}

export class Trying {
	busy = $state(false);
	/** What is wrong, by field. */
	wrong = $state.raw<Readonly<Record<string, string>>>({});
	/** What is wrong otherwise: to be read out. */
	rest = $state("");

	/** Try it once; true where it was done. What is wrong beside a field of this form is told there, and the first such field is gone to. */
	async run(form: HTMLElement | undefined, fields: readonly string[], work: () => Promise<unknown>): Promise<boolean> {
		if (this.busy) return false;
		this.busy = true;
		this.wrong = {};
		this.rest = "";
		try {
			await work();
			return true;
		} catch (error) {
			this.#tell(error, fields);
			await tick();
			form?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
			return false;
		} finally {
			this.busy = false;
		}
	}

	/** Look at what was typed before it is sent: what is empty is told. */
	missing(form: HTMLElement | undefined, typed: Readonly<Record<string, string>>): boolean {
		const empty = Object.keys(typed).filter((name) => typed[name]?.trim() === "");
		this.wrong = Object.fromEntries(empty.map((name) => [name, t("signin.wrong-required")]));
		this.rest = "";
		if (empty.length > 0) void tick().then(() => form?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
		return empty.length > 0;
	}

	#tell(error: unknown, fields: readonly string[]): void {
		if (!(error instanceof Refused)) {
			this.rest = reason(error);
			return;
		}
		const beside = error.wrong.filter(({ param }) => fields.includes(param));
		this.wrong = Object.fromEntries(beside.map((one) => [one.param, wordsFor(one)]));
		this.rest = error.wrong
			.filter((one) => !beside.includes(one))
			.map(wordsFor)
			.join(" ");
	}
}
