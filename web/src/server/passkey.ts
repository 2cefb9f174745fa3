// Passkeys: what the server asks of a device, and what the device answers, as JSON and as the browser's own types (WebAuthn level 2).

/** Whether this browser can use passkeys at this address. */
export function usable(): boolean {
	return globalThis.isSecureContext === true && "PublicKeyCredential" in globalThis;
}

/** Nobody answered the device's own question, or it has no passkey for this place. */
export class NoPasskey extends Error {
	override name = "NoPasskey";
}

interface Asked {
	publicKey: {
		challenge: string;
		user?: { id: string; name: string; displayName: string };
		excludeCredentials?: { id: string; type: "public-key" }[];
		allowCredentials?: { id: string; type: "public-key" }[];
	} & Record<string, unknown>;
}

/** Prove with a passkey of this device that it is the same person. Raises `NoPasskey`. */
export function prove(asked: unknown): Promise<unknown> {
	const { publicKey } = asked as Asked;
	const options = {
		...publicKey,
		challenge: bytes(publicKey.challenge),
		allowCredentials: listed(publicKey.allowCredentials),
	};
	return answered(navigator.credentials.get({ publicKey: options as unknown as PublicKeyCredentialRequestOptions }));
}

/** Make a passkey on this device. Raises `NoPasskey`. */
export function make(asked: unknown): Promise<unknown> {
	const { publicKey } = asked as Asked;
	const user = publicKey.user === undefined ? undefined : { ...publicKey.user, id: bytes(publicKey.user.id) };
	const options = {
		...publicKey,
		challenge: bytes(publicKey.challenge),
		user,
		excludeCredentials: listed(publicKey.excludeCredentials),
	};
	return answered(
		navigator.credentials.create({ publicKey: options as unknown as PublicKeyCredentialCreationOptions }),
	);
}

async function answered(asked: Promise<Credential | null>): Promise<unknown> {
	const found = await asked.catch((cause: unknown) => {
		throw new NoPasskey("no passkey", { cause });
	});
	if (!(found instanceof PublicKeyCredential)) throw new NoPasskey("no passkey");
	const { response } = found;
	const common = { clientDataJSON: text(response.clientDataJSON) };
	const told =
		response instanceof AuthenticatorAttestationResponse
			? { ...common, attestationObject: text(response.attestationObject) }
			: assertion(response as AuthenticatorAssertionResponse, common);
	return {
		id: found.id,
		rawId: text(found.rawId),
		type: found.type,
		response: told,
		clientExtensionResults: found.getClientExtensionResults(),
		authenticatorAttachment: found.authenticatorAttachment ?? null,
	};
}

function assertion(response: AuthenticatorAssertionResponse, common: object): object {
	const { authenticatorData, signature, userHandle } = response;
	const proof = { ...common, authenticatorData: text(authenticatorData), signature: text(signature) };
	return userHandle === null ? proof : { ...proof, userHandle: text(userHandle) };
}

function listed(known: { id: string; type: "public-key" }[] | undefined): object[] {
	return (known ?? []).map((one) => ({ ...one, id: bytes(one.id) }));
}

/** Bytes of base64url. */
export function bytes(of: string): Uint8Array {
	return Uint8Array.from(atob(of.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
}

/** Base64url of bytes, without padding. */
export function text(of: ArrayBuffer | Uint8Array): string {
	const plain = Array.from(new Uint8Array(of), (one) => String.fromCharCode(one)).join("");
	return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}
