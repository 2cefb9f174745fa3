"""Whether a server answers: for the line that says so at its start, and for `python -m gradatim.server.probe`, the health check of a container.

It reads the same settings as the server, asks this machine, and ends with 0 where the answer is good.
"""

from __future__ import annotations

import http.client
import os
import ssl
import sys

_PATIENCE = 5  # seconds


def answers(host: str, port: int, *, tls: bool, path: str = "/health/live") -> bool:
    """Whether the server at an address of this machine says that all is well. Its certificate is not checked: this is no stranger."""
    where = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    try:
        if tls:
            trusting = ssl.create_default_context()
            trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
            asked: http.client.HTTPConnection = http.client.HTTPSConnection(where, port, timeout=_PATIENCE, context=trusting)  # fmt: skip
        else:
            asked = http.client.HTTPConnection(where, port, timeout=_PATIENCE)
        try:
            asked.request("GET", path, headers={"Host": f"localhost:{port}", "Connection": "close"})
            return asked.getresponse().status == http.client.OK
        finally:
            asked.close()
    except (OSError, http.client.HTTPException):
        return False


def main() -> int:
    """Ask whether the server of these settings can work: it answers, and its database too."""
    from gradatim.server.config import looked_at

    config, _ = looked_at(os.environ)
    return 0 if answers(config.host, config.port, tls=config.tls, path="/health/ready") else 1


if __name__ == "__main__":
    sys.exit(main())
