"""What is wrong with an input, where, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with an input.

    ``path`` points into the input (``prescription.times[1]``, ``--weight``, ``row 3``); ``remedy`` says what to type instead.
    """

    path: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.path or 'input'}: {self.problem}. {self.remedy}"


class BadInput(Exception):
    """An input that cannot be used: carries *every* fault found in it, never only the first."""

    def __init__(self, faults: tuple[Fault, ...] | list[Fault]) -> None:
        if not faults:
            raise ValueError("BadInput needs at least one fault")
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


class Unreadable(ValueError):
    """A single text or number that cannot be read as what it should be. Readers add the path and make a `Fault`."""

    def __init__(self, problem: str, remedy: str) -> None:
        self.problem = problem
        self.remedy = remedy
        super().__init__(f"{problem}. {remedy}")


def one_fault(path: str, problem: str, remedy: str) -> BadInput:
    """A `BadInput` with a single fault."""
    return BadInput((Fault(path, problem, remedy),))
