"""Holds what the watch compares against the rest of a monograph: every id that it names is there, and the texts it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradatim.domain.fault import Fault
from gradatim.domain.knowledge import Level
from gradatim.domain.reading import did_you_mean
from gradatim.domain.sign import Beside

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gradatim.domain.monograph import Leaflet, Monograph

_SIGNS = (
    "seizure",
    "extra_dose",
    "too_much",
    "too_much_at_risk",
    "too_much_with_signs",
    "weaker",
    "stiffer",
    "sleepy",
    "mood",
)
_INTERACTIONS = ("slows_breathing", "weakens_kidneys", "next_visit", "surgery")


def signs(monograph: Monograph, leaflet: Leaflet) -> Iterator[Fault]:
    """Every name in ``watch`` that stands nowhere else, and every reading that would lower the level of a danger sign."""
    dangers = {sign.id: sign for sign in leaflet.danger_signs}
    reactions = [reaction.id for reaction in leaflet.reactions]
    facts = leaflet.watch
    for name in _SIGNS:
        yield from _known(f"watch.{name}", getattr(facts, name), dangers, "danger sign")
    yield from _known("watch.fall", facts.fall, reactions, "reaction")
    for name in _INTERACTIONS:
        yield from _known(
            f"watch.{name}", getattr(facts, name), [one.id for one in monograph.interactions], "interaction"
        )
    yield from _known("watch.pump", facts.pump, [condition.code for condition in monograph.conditions], "condition")
    seen: set[tuple[Beside, str]] = set()
    order = list(Level)
    for place, meaning in enumerate(facts.meanings):
        at = f"watch.meanings[{place}]"
        yield from _known(f"{at}.means", meaning.means, dangers, "danger sign")
        yield from _known(f"{at}.noted", meaning.noted, [*dangers, *reactions], "danger sign or reaction")
        for noted in meaning.noted:
            if (meaning.beside, noted) in seen:
                yield Fault(f"{at}.noted", f"{noted} means two things beside {meaning.beside}", "Keep the graver one")
            seen.add((meaning.beside, noted))
            if {noted, meaning.means} <= dangers.keys() and order.index(dangers[noted].level) < order.index(
                dangers[meaning.means].level
            ):
                yield Fault(
                    f"{at}.noted", f"{noted} is graver than {meaning.means}", "A sign is never read as a lesser one"
                )


def _known(at: str, said: str | Iterable[str], known: Iterable[str], what: str) -> Iterator[Fault]:
    words = list(known)
    for word in (said,) if isinstance(said, str) else said:
        if word not in words:
            yield Fault(at, f"{word!r} is not a known {what}", did_you_mean(word, words))
