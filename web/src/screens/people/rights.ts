// What somebody may do, in plain words. Which role may have what is the server's to say; here is what can be chosen at all.

import type { Schemas } from "../../server/ask";
import { t } from "../../words";

export type Scope = Schemas["Scope"];
export type InvitedAs = "carer" | "prescriber" | "person";

export const SCOPES: readonly Scope[] = ["today", "read", "log", "plan", "share", "account"];
const HELPER: readonly Scope[] = ["today", "read", "log", "plan"];

/** What can be granted to somebody who is invited so, by who has these scopes; nothing to choose for a person. */
export function grantable(role: InvitedAs, own: readonly string[]): Scope[] {
	return role === "person" ? [] : HELPER.filter((one) => own.includes(one));
}

/** What is chosen at first: a carer sees and writes down, a prescriber sees and plans. */
export function usual(role: InvitedAs): Scope[] {
	return role === "carer" ? ["today", "read", "log"] : role === "prescriber" ? ["today", "read", "plan"] : [];
}

export function scopeWords(scope: string): string {
	return (SCOPES as readonly string[]).includes(scope) ? t(`people.scope-${scope as Scope}`) : scope;
}

export function roleWords(role: string): string {
	return role === "person" || role === "carer" || role === "prescriber"
		? t(`people.role-${role}`)
		: t("people.role-other", { role });
}

/** Scopes in their usual order. */
export function inOrder(scopes: readonly string[]): string[] {
	return [...scopes].sort((one, other) => SCOPES.indexOf(one as Scope) - SCOPES.indexOf(other as Scope));
}
