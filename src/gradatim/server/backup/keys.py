"""What backups are sealed with: the public keys that the settings name, else a key of this server, drawn at first need."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from gradatim.domain.clock import Instant
from gradatim.domain.fault import one_fault
from gradatim.journal import sealing
from gradatim.journal.sealing import Passphrase, PublicKeys, SecretKeys
from gradatim.server.config import Config

_MINE_ONLY = 0o600
_LARGEST = 100_000  # bytes of a file of keys


def key_file(config: Config) -> Path:
    """Where the server's own key lies."""
    return config.data / "backup-key.txt"


def seals(config: Config, now: Instant) -> tuple[PublicKeys, SecretKeys]:
    """To whom a backup is sealed, and a key that opens it for reading it back.

    Where the settings name the keys, the second is one that exists in memory only, while the backup is made.
    """
    if config.backup_recipients:
        named = sealing.check_public(config.backup_recipients, "GRADATIM_BACKUP_RECIPIENTS")
        passing = sealing.new_key()
        return PublicKeys(keys=(*named.keys, sealing.public_key(passing))), SecretKeys(keys=(passing,))
    file = key_file(config)
    if not file.exists():
        _draw(file, now)
    own = secret_keys(file)
    return PublicKeys(keys=tuple(sealing.public_key(key) for key in own.keys)), own


def secret_keys(file: Path) -> SecretKeys:
    """The keys in a file. Raises `BadInput`."""
    try:
        with file.open(encoding="utf-8") as opened:
            text = opened.read(_LARGEST)
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not text"
        raise one_fault(str(file), f"cannot be read: {why}", "Give the file of the key: --key FILE") from None
    return sealing.read_keys(text, str(file))


def opens(config: Config, sealed: Path, key: Path | None, passphrase: str | None) -> SecretKeys | Passphrase:
    """What opens a backup, as far as one was given; else the server's own key. Raises `BadInput`."""
    try:
        with sealed.open("rb") as opened:
            wants = sealing.needs_passphrase(opened.read(100))
    except OSError as error:
        raise one_fault(str(sealed), f"cannot be read: {error.strerror}", "Check the name and the folder") from None
    if wants is None:
        raise one_fault(str(sealed), "is no sealed backup", "Give a file that gradatim backup wrote")
    if wants:
        if passphrase is None:
            raise one_fault(str(sealed), "is sealed with a passphrase", "Give it: --passphrase-file FILE")
        return Passphrase(text=passphrase)
    if passphrase is not None:
        raise one_fault(
            str(sealed), "is sealed to a key, not with a passphrase", "Give the file of the key: --key FILE"
        )
    if key is None and not key_file(config).exists():
        raise one_fault(
            str(sealed), "is sealed to a key, and there is none here", "Give the file of the key: --key FILE"
        )
    return secret_keys(key or key_file(config))


def _draw(file: Path, now: Instant) -> None:
    """A new key, whole on the disk under its name before anything is sealed to it. Where another process was faster, its key stays."""
    secret = sealing.new_key()
    text = f"# made: {now.iso()}\n# public key: {sealing.public_key(secret)}\n{secret}\n"
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(
            os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MINE_ONLY), "w", encoding="utf-8"
        ) as opened:
            opened.write(text)
            opened.flush()
            os.fsync(opened.fileno())
        with suppress(FileExistsError):
            os.link(draft, file)
    except OSError as error:
        raise one_fault(str(file), f"cannot be written: {error.strerror}", "Check the folder and its space") from None
    finally:
        draft.unlink(missing_ok=True)
    settle(file.parent)


def settle(folder: Path) -> None:
    """Have the names in a folder on the disk too, where the system can."""
    with suppress(OSError):
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
