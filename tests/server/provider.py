"""A small OpenID provider on this machine: discovery, code with PKCE (S256), RS256 tokens, userinfo (OpenID Connect Core 1.0, RFC 7636)."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "gradatim", "a secret of the client"


@dataclass
class Provider:
    """What it says about whom; a test changes it. ``seen`` is every path that was asked for."""

    url: str = ""
    person: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    """What the token says otherwise than it should."""
    userinfo: dict[str, Any] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)
    _tokens: set[str] = field(default_factory=set)
    _key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))

    def authorize(self, address: str) -> str:
        """What the browser does that was sent there: the person agrees, and it is sent back to this address."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert (asked["client_id"], asked["response_type"], asked["code_challenge_method"]) == (CLIENT, "code", "S256")
        assert "openid" in asked["scope"].split()
        code = secrets.token_urlsafe()
        self._codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def about(self) -> dict[str, Any]:
        """The document of discovery."""
        return {
            "issuer": self.url, "authorization_endpoint": f"{self.url}/authorize", "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo", "jwks_uri": f"{self.url}/keys", "response_types_supported": ["code"],
            "id_token_signing_alg_values_supported": ["RS256"], "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        }  # fmt: skip

    def token(self, said: dict[str, str], client: str) -> dict[str, Any] | None:
        """Tokens for a code; None where something does not fit, and why in ``refused``."""
        asked = self._codes.pop(said.get("code", ""), None)
        challenge = hashlib.sha256(said.get("code_verifier", "").encode()).digest()
        wrong = [
            why
            for why, bad in {
                "code": asked is None,
                "client": client != f"{CLIENT}:{SECRET}",
                "grant": said.get("grant_type") != "authorization_code",
                "redirect": asked is not None and said.get("redirect_uri") != asked["redirect_uri"],
                "verifier": asked is not None and base64.urlsafe_b64encode(challenge).rstrip(b"=").decode() != asked["code_challenge"],
            }.items()
            if bad
        ]  # fmt: skip
        if wrong:
            self.refused += wrong
            return None
        access = secrets.token_urlsafe()
        self._tokens.add(access)
        now = int(time.time())
        told = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 300, **self.person, **self.claims}
        signed = jwt.encode(told, self._key, "RS256", headers={"kid": "one"})
        return {"access_token": access, "token_type": "Bearer", "expires_in": 300, "id_token": signed}

    def keys(self) -> dict[str, Any]:
        """Its public key."""
        key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key()))
        return {"keys": [{**key, "kid": "one", "alg": "RS256", "use": "sig"}]}

    def knows(self, access: str) -> dict[str, Any] | None:
        """What it says about a person to who holds a token."""
        return {**self.person, **self.userinfo} if access in self._tokens else None


@contextmanager
def provider(**person: Any) -> Iterator[Provider]:
    """One that runs in a thread, on a free port of this machine."""
    made = Provider(person=person)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.seen.append(self.path)
            if self.path == "/.well-known/openid-configuration":
                self._tell(made.about())
            elif self.path == "/keys":
                self._tell(made.keys())
            elif self.path == "/userinfo":
                self._tell(made.knows(self.headers.get("Authorization", "").removeprefix("Bearer ")))
            else:
                self._tell(None)

        def do_POST(self) -> None:
            made.seen.append(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            said = {name: values[0] for name, values in parse_qs(body).items()}
            basic = self.headers.get("Authorization", "").removeprefix("Basic ")
            self._tell(made.token(said, base64.b64decode(basic).decode()) if self.path == "/token" else None)

        def _tell(self, data: dict[str, Any] | None) -> None:
            payload = json.dumps(data or {"error": "invalid"}).encode()
            self.send_response(200 if data else 400)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
