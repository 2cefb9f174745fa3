// What a link brings into the app: a code to pair or to join, a key to confirm an address or to set a password, or how an outside sign-in ended.

export interface Brought {
	kind: "pair" | "join" | "confirm" | "reset" | "up" | "forgot" | "failed" | "returned";
	/** The code or the key; empty where the kind says all. */
	key: string;
}

/** Where each of them is used. */
export const LEADS: Readonly<Record<Brought["kind"], string>> = {
	pair: "welcome",
	join: "signin/up",
	confirm: "signin/confirm",
	reset: "signin/reset",
	up: "signin/up",
	forgot: "signin/forgot",
	failed: "signin/failed",
	returned: "signin/returned",
};

/** What stands in an address; null for one that only says where somebody is. */
export function brought(hash: string, search = ""): Brought | null {
	const error = new URLSearchParams(search).get("error");
	if (error !== null) return { kind: "failed", key: error };
	const [, kind, key = ""] = /^#\/?(pair|join|confirm|reset)=(.+)$/.exec(hash) ?? [];
	if (kind !== undefined) return { kind: kind as Brought["kind"], key: key.trim() };
	if (/^#\/?sign-up$/.test(hash)) return { kind: "up", key: "" };
	if (/^#\/?reset$/.test(hash)) return { kind: "forgot", key: "" };
	if (/^#\/?sign-in-failed$/.test(hash)) return { kind: "failed", key: "" };
	return null;
}

/** What this tab keeps over a reload, as far as the browser lets it: where site data are blocked it keeps nothing, and reading it would raise. */
export const tab = {
	get(name: string): string | null {
		try {
			return globalThis.sessionStorage?.getItem(name) ?? null;
		} catch {
			return null;
		}
	},

	set(name: string, value: string | null): void {
		try {
			if (value === null) globalThis.sessionStorage?.removeItem(name);
			else globalThis.sessionStorage?.setItem(name, value);
		} catch {
			// it is not known after a reload
		}
	},
};

const AWAY = "gradatim-away";

/** Somebody went to an outside provider from here, and what for. No secret: it is to be known when they come back, in this tab. */
export const provider = {
	leaves(what: "own" | "lent" | "connect"): void {
		tab.set(AWAY, what);
	},

	/** They are back: told once. */
	returned(): Brought | null {
		const what = tab.get(AWAY);
		if (what === null) return null;
		tab.set(AWAY, null);
		return { kind: "returned", key: what };
	},
};
