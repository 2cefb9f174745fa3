"""A passkey in software: what a phone or a key does when a page asks (WebAuthn level 2), with ES256 and attestation "none"."""

from __future__ import annotations

import json
import os
import struct
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.utils import websafe_decode, websafe_encode

PRESENT, VERIFIED, ATTESTED = 1, 4, 64


class Passkey:
    """One credential. ``origin`` is the page that asks; a browser would tell the true one."""

    def __init__(self, origin: str, *, verifies: bool = True) -> None:
        self.origin = origin
        self.id = os.urandom(32)
        self.user = ""
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._flags = PRESENT | (VERIFIED if verifies else 0)
        self._counter = 0

    def create(self, options: dict[str, Any]) -> dict[str, Any]:
        """The answer to a page that wants a new credential."""
        asked = options["publicKey"]
        self.user = asked["user"]["id"]
        numbers = self._key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        attested = bytes(16) + struct.pack(">H", len(self.id)) + self.id + cbor.encode(public)
        data = self._data(asked["rp"]["id"], ATTESTED) + attested
        attestation = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        return self._told(
            {"clientDataJSON": websafe_encode(self._client("webauthn.create", asked)), "attestationObject": websafe_encode(attestation)},
            {"credProps": {"rk": True}},
        )  # fmt: skip

    def get(self, options: dict[str, Any], rp: str | None = None) -> dict[str, Any]:
        """The answer to a page that wants a proof."""
        asked = options["publicKey"]
        self._counter += 1
        data, client = self._data(rp or asked["rpId"]), self._client("webauthn.get", asked)
        signature = self._key.sign(data + sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._told(
            {
                "clientDataJSON": websafe_encode(client), "authenticatorData": websafe_encode(data), "signature": websafe_encode(signature),
                "userHandle": self.user,
            },
            {},
        )  # fmt: skip

    def _data(self, rp: str, more: int = 0) -> bytes:
        return sha256(rp.encode()).digest() + bytes([self._flags | more]) + struct.pack(">I", self._counter)

    def _client(self, kind: str, asked: dict[str, Any]) -> bytes:
        challenge = websafe_encode(websafe_decode(asked["challenge"]))
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}).encode()

    def _told(self, response: dict[str, Any], results: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": websafe_encode(self.id), "rawId": websafe_encode(self.id), "type": "public-key", "response": response,
            "clientExtensionResults": results, "authenticatorAttachment": "platform",
        }  # fmt: skip
