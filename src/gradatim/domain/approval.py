"""Who stands behind a plan, and who took a stop finding upon themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gradatim.domain.clock import Instant
from gradatim.domain.fault import BadInput, Fault


class Role(StrEnum):
    """In what capacity somebody acts."""

    PRESCRIBER = "prescriber"
    PHARMACIST = "pharmacist"
    NURSE = "nurse"
    PERSON = "person"
    CARER = "carer"


CLINICIANS = frozenset({Role.PRESCRIBER, Role.PHARMACIST, Role.NURSE})


@dataclass(frozen=True, slots=True, kw_only=True)
class CopiedFrom:
    """The paper that a transcription was copied from: whose, and of which day."""

    prescriber: str
    dated: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """A prescriber's approval, or a transcription of one from paper (``copied_from``), which is labelled as such everywhere."""

    by: str
    role: Role
    at: Instant
    copied_from: CopiedFrom | None = None

    def __post_init__(self) -> None:
        faults = []
        if not self.by.strip():
            faults.append(Fault("by", "nobody is named", "Give the name of who approves"))
        if self.copied_from is None and self.role is not Role.PRESCRIBER:
            faults.append(
                Fault(
                    "role",
                    f"a {self.role} cannot approve a plan of their own",
                    "A prescriber approves; others may copy a prescriber's paper: say from whom and of which date",
                )
            )
        if self.copied_from is not None and not self.copied_from.prescriber.strip():
            faults.append(Fault("copied_from.prescriber", "nobody is named", "Give the prescriber's name on the paper"))
        if faults:
            raise BadInput(faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """A named clinician's reason for going beyond one stop finding."""

    rule: str
    by: str
    role: Role
    reason: str
    at: Instant

    def __post_init__(self) -> None:
        faults = []
        if not self.by.strip():
            faults.append(Fault("by", "nobody is named", "Give the clinician's name"))
        if self.role not in CLINICIANS:
            faults.append(
                Fault("role", f"a {self.role} cannot override a stop", "A prescriber, pharmacist or nurse can")
            )
        if len(self.reason.strip()) < 3:
            faults.append(
                Fault("reason", "no reason is given", f'Say why, for example {self.rule}="seen weekly in clinic"')
            )
        if faults:
            raise BadInput(faults)
