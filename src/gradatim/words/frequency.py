"""How common an unwanted effect is: one line for each source, as that source says it. Sources that differ are never averaged."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from gradatim.domain.citation import Citation
from gradatim.domain.knowledge import Frequency, Reaction
from gradatim.words.say import sources_text
from gradatim.words.sentence import numbers, sentence

# What a source is, in words. A key that is not here is said by its key alone.
_NAMES = {
    "GLOBALRPH": "often.us-label-copy",
    "US-TAB": "often.us-label",
    "CH-AE": "often.swiss-text",
    "IT-RCP": "often.italian-text-copy",
    "CA-AE": "often.canadian-text-copy",
    "UK-PREC": "often.uk-text",
    "DARIO": "often.review",
    "ERTZ": "often.review",
    "REVOL": "often.reports",
    "HWANG": "often.older-people",
    "JAGS2023": "often.older-people",
    "JAGS2025": "often.older-people",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class HowCommon:
    """What one source says; ``text`` is a phrase, ``who`` the source in words, ``note`` a sentence of its own."""

    text: str
    who: str
    source: tuple[Citation, ...]
    note: str | None = None

    def __str__(self) -> str:
        """``10 to 63 in 100 people – US label, read in a copy, GLOBALRPH [M]``, then the note."""
        said = ", ".join(part for part in (self.who, sources_text(self.source)) if part)
        return f"{self.text} – {said}. {self.note}" if self.note else f"{self.text} – {said}"


def how_common(reaction: Reaction) -> tuple[HowCommon, ...]:
    """A line for each published frequency, in the order of the data. Nothing for an effect without one."""
    return tuple(
        HowCommon(text=_text(one), who=_who(one.source), source=one.source, note=one.note)
        for one in reaction.frequencies
    )


def _text(one: Frequency) -> str:
    share = _share(one.percent_low, one.percent_high)
    return ": ".join(part for part in (one.words, share) if part) or sentence("often.none")


def _share(low: str | None, high: str | None) -> str | None:
    """``10 to 63 in 100 people``; ``about 10 in 100 people (10.2 %)``; ``up to 9 in 100 people``."""
    ends = [Decimal(end) for end in (low, high) if end is not None]
    if not ends:
        return None
    if low is None or (len(ends) == 2 and ends[0] == 0 and ends[1] > 0):
        return sentence("often.up-to", high=_people(ends[-1]))
    if high is None:
        return sentence("often.at-least", low=_people(ends[0]))
    if ends[0] == ends[1]:
        whole = ends[0].quantize(Decimal(1), ROUND_HALF_UP)
        if whole == ends[0]:
            return sentence("often.about", count=str(whole))
        count = _people(ends[0]) if ends[0] < 1 else str(whole)
        return sentence("often.about-exactly", count=count, percent=numbers(str(low)))
    return sentence("often.from-to", low=_people(ends[0]), high=_people(ends[1]))


def _people(share: Decimal) -> str:
    return numbers(f"{share.normalize():f}")


def _who(source: tuple[Citation, ...]) -> str:
    if any(citation.key == "D" for citation in source):
        return sentence("often.ours")
    return ", ".join(dict.fromkeys(sentence(_NAMES[citation.key]) for citation in source if citation.key in _NAMES))
