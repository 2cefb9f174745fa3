"""What is said in another language: everything, with the same places and the same numbers, and doses as that language writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, time

import pytest

from gradatim.domain.dose import OralDose
from gradatim.domain.finding import message
from gradatim.domain.knowledge import InteractionLevel
from gradatim.domain.product import Product
from gradatim.domain.renal import Formula
from gradatim.domain.tablets import Pieces, Solid
from gradatim.languages import (
    LANGUAGES,
    Template,
    UnknownLanguage,
    catalogue,
    language_for,
    speaking,
    spoken,
    translated,
)
from gradatim.monographs import leaflet, monograph, scales
from gradatim.monographs.in_words import WORDS, words_of
from gradatim.monographs.loader import data_of
from gradatim.words import dose_sentence, period, phrase, say, short_day, units_text
from gradatim.words.english import TEMPLATES
from gradatim.words.sentence import grouped, numbers

OTHERS = tuple(tag for tag in LANGUAGES if tag != "en")


def texts() -> Iterator[tuple[str, Template]]:
    yield from TEMPLATES.items()
    for file in WORDS:
        yield from words_of(file, data_of(file))


TEXTS = dict(texts())


def forms(text: Template) -> dict[str, str]:
    return {"": text} if isinstance(text, str) else dict(text)


def places(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def figures(text: str) -> list[str]:
    """The numbers of a text, however the language groups and points them."""
    plain = re.sub(r"(?<=\d)[\u00a0\u202f, .](?=\d{3}\b)", "", re.sub(r"\{\w+\}", "", text))
    return sorted(found.replace(",", ".") for found in re.findall(r"\d+(?:[.,]\d+)?", plain))


def test_every_key_is_said_once() -> None:
    assert len(TEXTS) == len(list(texts()))


@pytest.mark.parametrize("language", OTHERS)
def test_everything_is_translated_from_the_english_of_today(language: str) -> None:
    missing = [key for key, english in TEXTS.items() if catalogue(language).lacks(key, english)]
    assert missing == [], f"{len(missing)} texts; run: python docs/make_words.py, and translate them"


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_places_and_numbers_of_the_english(language: str) -> None:
    wrong = []
    for key, english in TEXTS.items():
        said = forms(translated(key, english, language))
        other = forms(english)
        for name, text in said.items():
            wanted = places(other.get(name, other.get("other", "")))
            held = places(text)
            if held != wanted and not (
                name == "one" and held < wanted | {"n"} and wanted - held <= {"n", "count", "number"}
            ):
                wrong.append(f"{key}: {sorted(held)}, and the English has {sorted(wanted)}")
            if name != "one" and figures(text) != figures(other.get(name, other.get("other", ""))):
                wrong.append(f"{key}: {figures(text)}, and the English has {figures(other.get(name, ''))}")
    assert wrong == []


@pytest.mark.parametrize("language", OTHERS)
def test_no_english_is_left(language: str) -> None:
    english_words = re.compile(r"\b(the|with|your|dose is|taken|tablets?|days?|weeks?|should|without)\b")
    left = [
        f"{key}: {text}"
        for key, english in TEXTS.items()
        for text in forms(translated(key, english, language)).values()
        if english_words.search(re.sub(r"\{\w+\}|“[^”]*”|«[^»]*»|„[^“]*“|\bgradatim [\w -]+", "", text))
    ]
    assert left == []


def _units(product: Product, quarters: int) -> str:
    return units_text(Solid((Pieces(product, quarters),)))


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        ("en", ["½ tablet of 10 mg", "1 tablet of 10 mg", "1½ tablets of 10 mg", "2 tablets of 10 mg", "2½ tablets of 10 mg"]),
        ("de", ["½ Tablette zu 10 mg", "1 Tablette zu 10 mg", "1½ Tabletten zu 10 mg", "2 Tabletten zu 10 mg", "2½ Tabletten zu 10 mg"]),
        ("fr", ["½ comprimé de 10 mg", "1 comprimé de 10 mg", "1½ comprimé de 10 mg", "2 comprimés de 10 mg", "2½ comprimés de 10 mg"]),
        ("es", ["½ comprimido de 10 mg", "1 comprimido de 10 mg", "1½ comprimidos de 10 mg", "2 comprimidos de 10 mg", "2½ comprimidos de 10 mg"]),
    ],
)  # fmt: skip
def test_tablets_follow_the_plural_of_the_language(language: str, wanted: list[str]) -> None:
    tablet = monograph().product("uk/10")
    with speaking(language):
        assert [_units(tablet, quarters) for quarters in (2, 4, 6, 8, 10)] == wanted


@pytest.mark.parametrize("language", OTHERS)
def test_a_decimal_has_a_comma_and_a_thousand_has_none(language: str) -> None:
    with speaking(language):
        assert numbers("12.5 mg") == "12,5 mg"
        assert grouped("1250 mL") == "1\u00a0250 mL"
        assert phrase("guard.less", amount=OralDose(12_500), planned=OralDose(15_000)).count("12,5 mg") == 1


def test_only_whole_numbers_are_grouped() -> None:
    assert grouped("0.12345 and 12345") == "0.12345 and 12,345"


@pytest.mark.parametrize("language", OTHERS)
def test_no_sentence_ends_twice(language: str) -> None:
    with speaking(language):
        said = [phrase("figure.today-is", day=date(2026, month, 1)) for month in range(1, 13)]
        assert all(text.endswith(".") and not text.endswith("..") for text in said)


@pytest.mark.parametrize("language", OTHERS)
def test_days_and_spoken_doses_have_no_english(language: str) -> None:
    tablet = monograph().product("uk/10")
    with speaking(language):
        said = [short_day(date(2026, month, 1 + place)) for month in range(1, 13) for place in range(7)]
        said += [period(date(2026, 3, 2), None), period(date(2026, 3, 2), date(2026, 3, 9))]
        said += [dose_sentence(time(8), Solid((Pieces(tablet, quarters),))) for quarters in range(1, 49)]
    words = {word for text in said for word in re.findall(r"[^\W\d_]+", text)}
    assert not words & {
        "Tue",
        "Wed",
        "Thu",
        "Dec",
        "Oct",
        "from",
        "take",
        "half",
        "tablet",
        "tablets",
        "quarter",
        "three",
        "one",
        "and",
    }


@pytest.mark.parametrize("language", OTHERS)
def test_what_is_known_about_the_drug_is_the_same_in_every_language_but_for_its_words(language: str) -> None:
    with speaking(language):
        other, told, asked = monograph(), leaflet(), scales()
    assert other.products == monograph().products  # doses are counted by product
    assert [one.id for one in told.danger_signs] == [one.id for one in leaflet().danger_signs]
    assert [one.level for one in told.danger_signs] == [one.level for one in leaflet().danger_signs]
    assert all(one.act != same.act for one, same in zip(told.danger_signs, leaflet().danger_signs, strict=True))
    assert [(one.id, one.recommended, one.absolute) for one in other.guardrails] == [
        (one.id, one.recommended, one.absolute) for one in monograph().guardrails
    ]
    assert [(one.id, one.low, one.high, one.better) for one in asked.values()] == [
        (one.id, one.low, one.high, one.better) for one in scales().values()
    ]
    assert [one.members for one in other.interactions] == [one.members for one in monograph().interactions]


def test_a_language_is_spoken_inside_only() -> None:
    with speaking("de"):
        assert say(message("packet.state-taken")) != "Taken"
        with speaking("en"):
            assert say(message("packet.state-taken")) == "Taken"
        assert spoken() == "de"
    assert say(message("packet.state-taken")) == "Taken"
    with pytest.raises(UnknownLanguage, match="tlh"), speaking("tlh"):
        pass


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("", "en"), ("de-AT,de;q=0.9,en;q=0.8", "de"), ("nl,fr-CH;q=0.8,de;q=0.9", "de"), ("ES", "es"), ("fr;q=0,en;q=0.1", "en"),
     ("*", "en"), ("de;q=x, fr;q=0.2", "fr"), ("xx" * 5000, "en")],
)  # fmt: skip
def test_the_best_accepted_language_is_taken(accepted: str, language: str) -> None:
    assert language_for(accepted) == language


def test_a_formula_and_a_level_are_said_in_words() -> None:
    """Members of an enumeration are said by their name, where there are words for it; else as they stand."""
    with speaking("de"):
        said = phrase("renal.disagree-60", low_by=Formula.CG_ACTUAL, low="48", high_by=Formula.CKD_EPI, high="64")
        assert "tatsächliches Gewicht" in said
        assert "CKD-EPI 2021" in said
        assert "schwer" in phrase("interaction", medicines=("A",), with_class="B", level=InteractionLevel.MAJOR)
    keys = {f"formula.{one.name.lower().replace('_', '-')}" for one in Formula} - {"formula.ckd-epi"}
    assert keys <= TEMPLATES.keys()
    assert {f"interactionlevel.{one.name.lower()}" for one in InteractionLevel} <= TEMPLATES.keys()
    assert [
        TEMPLATES[f"formula.{one.name.lower().replace('_', '-')}"] for one in Formula if one is not Formula.CKD_EPI
    ] == [str(one) for one in Formula if one is not Formula.CKD_EPI]
