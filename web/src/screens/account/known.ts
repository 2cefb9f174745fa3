// What the server says of one way to prove who somebody is.

export interface Authenticator {
	type: "totp" | "recovery_codes" | "webauthn";
	/** Seconds since 1970. */
	created_at: number;
	last_used_at: number | null;
	id?: number;
	name?: string;
	unused_code_count?: number;
	unused_codes?: string[];
}

/** A moment of theirs, as the rest of the app has moments. */
export function instantOf(seconds: number): string {
	return new Date(seconds * 1000).toISOString();
}
