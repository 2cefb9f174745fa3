"""The tables. What was written down lies in `Entry` alone, and nothing ever changes or removes a row of it, but an erasure of the whole.

Secrets that devices and guests hold are kept as hashes only. Names of tables say what a row is.
"""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

LONGEST_NAME = 120
LONGEST_LABEL = 80
LONGEST_PERSON = 200


class Accounts(BaseUserManager["Account"]):
    """Makes accounts. One without a password cannot sign in by one."""

    def create_user(self, email: str, password: str | None = None, **rest: Any) -> Account:
        """A new account; allauth calls it too."""
        account = self.model(email=self.normalize_email(email).lower(), **rest)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """Somebody who uses this server. In personal mode there is exactly one, without a password, to which every paired device belongs."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=LONGEST_NAME, blank=True)
    is_active = models.BooleanField(default=True)
    administrator = models.BooleanField(default=False)
    made = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[Accounts] = Accounts()

    class Meta:
        db_table = "gradatim_account"

    def __str__(self) -> str:
        return str(self.id)  # a name has no place in a log


class Device(models.Model):
    """A browser that was paired or signed in, or another program: whoever holds its secret acts for the account, within its scopes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="devices")
    label = models.CharField(max_length=LONGEST_LABEL)
    program = models.BooleanField(default=False)
    scopes = models.JSONField(default=list)
    secret_hash = models.CharField(max_length=64, unique=True)
    made = models.DateTimeField(auto_now_add=True)
    seen = models.DateTimeField(null=True)
    expires = models.DateTimeField(null=True)
    revoked = models.DateTimeField(null=True)
    clock_ahead = models.IntegerField(null=True)  # seconds, when it last sent something

    class Meta:
        db_table = "gradatim_device"


class PairingCode(models.Model):
    """A code that lets one more device act for an account: once, and for minutes only."""

    code_hash = models.CharField(max_length=64, primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    scopes = models.JSONField(default=list)
    made = models.DateTimeField(auto_now_add=True)
    expires = models.DateTimeField()
    used = models.DateTimeField(null=True)

    class Meta:
        db_table = "gradatim_pairing_code"


class Record(models.Model):
    """One person's journal. ``count`` and ``head`` say where its chain ends; ``person`` is unknown until the first entry says it.

    ``demo``: it began as the record of a made-up person, to be tried and thrown away.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.CharField(max_length=LONGEST_PERSON, blank=True)
    count = models.BigIntegerField(default=0)
    head = models.CharField(max_length=64, default="0" * 64)
    made = models.DateTimeField(auto_now_add=True)
    erased = models.DateTimeField(null=True)
    demo = models.BooleanField(default=False)

    class Meta:
        db_table = "gradatim_record"


class Entry(models.Model):
    """One entry as it was stored. Rows are only ever added: triggers of the database refuse every change.

    ``account`` and ``device`` say by whom it was brought, ``received`` when by this machine's clock: facts that no device can claim. They are
    plain values, so that nothing here hangs on a row that can go. ``hash`` covers all columns and the hash of the row before.
    """

    pk = models.CompositePrimaryKey("record_id", "place")
    record = models.ForeignKey(Record, on_delete=models.PROTECT, db_index=False)
    place = models.BigIntegerField()
    entry = models.CharField(max_length=36)
    schema = models.CharField(max_length=40)
    body = models.TextField()
    received = models.BigIntegerField()  # seconds since 1970, UTC
    account = models.CharField(max_length=36)
    device = models.CharField(max_length=36, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        db_table = "gradatim_entry"
        constraints: ClassVar = [models.UniqueConstraint(fields=["record", "entry"], name="gradatim_entry_once")]


class Erasure(models.Model):
    """A journal that was erased at its person's wish: that it was, when, and how much; nothing of what it said."""

    record = models.OneToOneField(Record, on_delete=models.PROTECT, primary_key=True)
    at = models.DateTimeField(auto_now_add=True)
    entries = models.BigIntegerField()
    head = models.CharField(max_length=64)

    class Meta:
        db_table = "gradatim_erasure"


class Role(models.TextChoices):
    """In what capacity an account has to do with a record."""

    PERSON = "person"
    CARER = "carer"
    PRESCRIBER = "prescriber"


class Grant(models.Model):
    """That an account may see or keep a record, in which role and how far. Ended by a date or by the person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="grants")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=20, choices=Role.choices)
    scopes = models.JSONField(default=list)
    consented_by = models.CharField(max_length=36, blank=True)
    made = models.DateTimeField(auto_now_add=True)
    expires = models.DateTimeField(null=True)
    revoked = models.DateTimeField(null=True)

    class Meta:
        db_table = "gradatim_grant"


class Invitation(models.Model):
    """A code by which one account joins a record, or by which somebody makes an account (``record`` None)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code_hash = models.CharField(max_length=64, unique=True)
    record = models.ForeignKey(Record, on_delete=models.CASCADE, null=True)
    role = models.CharField(max_length=20, blank=True)
    scopes = models.JSONField(default=list)
    administrator = models.BooleanField(default=False)
    label = models.CharField(max_length=LONGEST_LABEL, blank=True)
    made_by = models.ForeignKey(Account, on_delete=models.CASCADE, null=True)
    made = models.DateTimeField(auto_now_add=True)
    expires = models.DateTimeField()
    grant_expires = models.DateTimeField(null=True)
    used = models.DateTimeField(null=True)
    revoked = models.DateTimeField(null=True)

    class Meta:
        db_table = "gradatim_invitation"


class Access(models.Model):
    """That somebody looked at a record or wrote to it: one row for each hour, account, device and kind of action. The person can read it."""

    id = models.BigAutoField(primary_key=True)
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="accesses")
    account = models.CharField(max_length=36)
    name = models.CharField(max_length=LONGEST_NAME)
    role = models.CharField(max_length=20)
    device = models.CharField(max_length=36, blank=True)
    label = models.CharField(max_length=LONGEST_LABEL, blank=True)
    action = models.CharField(max_length=40)
    hour = models.DateTimeField()

    class Meta:
        db_table = "gradatim_access"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["record", "account", "device", "action", "hour"], name="gradatim_access_once"
            )
        ]


class Audit(models.Model):
    """What was done with accounts, devices and rights: who, what, to what; never what is in a record."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(auto_now_add=True)
    account = models.CharField(max_length=36, blank=True)
    action = models.CharField(max_length=40)
    subject = models.CharField(max_length=36, blank=True)
    detail = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "gradatim_audit"


class Answered(models.Model):
    """The answer to a request with an idempotency key, kept for a day: the same request sent again gets it again."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    key = models.CharField(max_length=255)
    request_hash = models.CharField(max_length=64)
    status = models.IntegerField(null=True)
    body = models.TextField(blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "gradatim_answered"
        constraints: ClassVar = [models.UniqueConstraint(fields=["account", "key"], name="gradatim_answered_once")]
