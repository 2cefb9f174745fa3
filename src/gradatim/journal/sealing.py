"""A stream of bytes sealed with age, to public keys or with a passphrase, and opened again. The program ``age`` opens it too.

To keys it takes a little memory, however long the stream is. With a passphrase it takes all of it twice, and half a gigabyte more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from gradatim.domain.fault import BadInput, Fault, one_fault
from gradatim.journal.sealed import check_passphrase

_PIECE = 64 * 1024
_BEGINS = b"age-encryption.org/v1\n-> "
_PASSPHRASE = b"scrypt "
_SECRET = "AGE-SECRET-KEY-1"
_ANOTHER = ("No matching keys found", "Decryption failed")  # what pyrage says of a wrong key, and of a wrong passphrase


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKeys:
    """To whom it is sealed: ``age1…``. Each of them opens it alone."""

    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretKeys:
    """What opens it: ``AGE-SECRET-KEY-1…``, any of them."""

    keys: tuple[str, ...]

    def __repr__(self) -> str:
        return f"SecretKeys({len(self.keys)})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passphrase:
    """Seals and opens."""

    text: str

    def __repr__(self) -> str:
        return "Passphrase()"


def new_key() -> str:
    """A new secret key."""
    import pyrage

    return str(pyrage.x25519.Identity.generate())


def public_key(secret: str) -> str:
    """The public key of a secret one. Raises `BadInput`."""
    return str(_identity(secret, "key").to_public())


def check_public(keys: tuple[str, ...], at: str) -> PublicKeys:
    """The keys, when each is one. Raises `BadInput` with every fault."""
    import pyrage

    faults = []
    for place, key in enumerate(keys):
        try:
            pyrage.x25519.Recipient.from_str(key)
        except pyrage.RecipientError:
            secret = key.upper().startswith(_SECRET)
            problem = "is a secret key" if secret else f"{key!r:.80} is no public key of age"
            faults.append(Fault(f"{at}[{place}]", problem, "Give what age-keygen calls the public key: age1…"))
    if faults:
        raise BadInput(faults)
    return PublicKeys(keys=keys)


def read_keys(text: str, at: str) -> SecretKeys:
    """The secret keys in a file as ``age-keygen`` writes it; lines that begin with ``#`` are remarks. Raises `BadInput`."""
    keys = tuple(line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#"))
    if not keys:
        raise one_fault(at, "holds no key", f"Give the file with the line {_SECRET}…")
    for key in keys:
        _identity(key, at)
    return SecretKeys(keys=keys)


def needs_passphrase(begin: bytes) -> bool | None:
    """Whether a sealed file, by its first bytes, takes a passphrase or a key; None for what is not sealed."""
    return begin[len(_BEGINS) :].startswith(_PASSPHRASE) if begin.startswith(_BEGINS) else None


def seal(chunks: Iterable[bytes], out: BinaryIO, to: PublicKeys | Passphrase) -> None:
    """Write a stream sealed. What the stream or the file raises comes through as it is; `BadInput` for a passphrase easily guessed."""
    import pyrage

    match to:
        case Passphrase():
            check_passphrase(to.text)
            out.write(pyrage.passphrase.encrypt(b"".join(chunks), to.text))
        case PublicKeys():
            source, target = _Source(chunks), _Target(out.write)
            recipients = [pyrage.x25519.Recipient.from_str(key) for key in to.keys]
            try:
                pyrage.encrypt_io(source, target, recipients)
            except (pyrage.EncryptError, OSError) as failed:
                raise source.error or target.error or failed from None


def unseal(file: BinaryIO, take: Callable[[bytes], object], by: SecretKeys | Passphrase, at: str) -> None:
    """Give ``take`` what was sealed, piece by piece. What it raises comes through; `BadInput` for a wrong key or a changed file.

    What was taken counts only when this returns: a file that was cut or changed near its end is noticed there.
    """
    import pyrage

    target = _Target(take)
    try:
        match by:
            case Passphrase():
                opened = pyrage.passphrase.decrypt(file.read(), by.text)
                for start in range(0, len(opened), _PIECE):
                    target.write(opened[start : start + _PIECE])
            case SecretKeys():
                pyrage.decrypt_io(file, target, [_identity(key, at) for key in by.keys])
    except (pyrage.DecryptError, OSError, ValueError) as failed:
        if target.error is not None:
            raise target.error from None
        if isinstance(failed, OSError) and failed.errno is not None:
            raise one_fault(at, f"cannot be read: {failed.strerror}", "Check the disk, then use another copy") from None
        what = "passphrase" if isinstance(by, Passphrase) else "key"
        if str(failed) in _ANOTHER:
            raise one_fault(
                at, f"cannot be opened: the {what} is another, or its beginning was changed", f"Give the {what} it was sealed with"
            ) from None  # fmt: skip
        raise one_fault(at, "was changed, or is not whole", "Use another copy") from None


def _identity(key: str, at: str) -> Any:
    import pyrage

    try:
        return pyrage.x25519.Identity.from_str(key)
    except pyrage.IdentityError:
        raise one_fault(
            at, "holds a line that is no secret key of age", f"Give the file with the line {_SECRET}…"
        ) from None


class _Source:
    """What pyrage reads from. It turns every error into its own, so that the first one is kept here."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks: Iterator[bytes] = iter(chunks)
        self._rest, self._at = b"", 0
        self.error: BaseException | None = None

    def read(self, size: int) -> bytes:
        while self._at >= len(self._rest):
            try:
                self._rest, self._at = next(self._chunks), 0
            except StopIteration:
                return b""
            except BaseException as error:
                self.error = error
                raise
        piece = self._rest[self._at : self._at + size]
        self._at += len(piece)
        return piece


class _Target:
    """What pyrage writes to; the same."""

    def __init__(self, take: Callable[[bytes], object]) -> None:
        self._take = take
        self.error: BaseException | None = None

    def write(self, piece: bytes) -> int:
        try:
            self._take(piece)
        except BaseException as error:
            self.error = self.error or error
            raise
        return len(piece)

    def flush(self) -> None:
        pass
