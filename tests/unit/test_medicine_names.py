"""A medicine is known by its name in any of our languages, and no other word is taken for it."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradatim.domain.medicine import named, sounds
from gradatim.domain.safety.person_rules import interactions_of
from gradatim.monographs import monograph

MEMBERS = [(one.id, member) for one in monograph().interactions for member in one.members]
SPELLINGS = {
    "ibuprofen": ("Ibuprofen 400 mg", "ibuprofène", "Ibuprofeno 600", "IBUPROFENE"),
    "morphine": ("Morphin retard", "morfina", "morphine"),
    "codeine": ("Codein", "Kodein", "codéine", "codeína"),
    "oxycodone": ("Oxycodon", "oxicodona"),
    "hydromorphone": ("Hydromorphon", "hidromorfona"),
    "tramadol": ("Tramadol 50 mg Tropfen", "tramadol"),
    "methadone": ("Methadon", "méthadone", "metadona"),
    "diazepam": ("diazépam", "Diazepam"),
    "lorazepam": ("lorazépam",),
    "alcohol": ("Alkohol", "alcool", "alcohol"),
    "diclofenac": ("diclofénac", "diclofenaco"),
    "naproxen": ("naproxène", "naproxeno"),
    "lithium": ("Lithium", "litio"),
    "amitriptyline": ("Amitriptylin", "amitriptilina"),
    "chlorphenamine": ("Chlorphenamin", "chlorphénamine", "clorfenamina"),
    "opioids": ("Opioide", "opioïdes", "opioides"),
    "benzodiazepines": ("Benzodiazepine", "benzodiazépines", "benzodiazepinas"),
}
KNOWN = {member for _, member in MEMBERS}


@pytest.mark.parametrize(
    ("member", "said"), [(m, said) for m, spelled in SPELLINGS.items() if m in KNOWN for said in spelled]
)
def test_a_medicine_is_known_in_every_spelling(member: str, said: str) -> None:
    wanted = {id for id, name in MEMBERS if name == member}
    assert wanted <= {one.id for one in interactions_of(said, monograph())}


def test_the_spellings_are_of_medicines_that_are_known() -> None:
    assert len(SPELLINGS.keys() & KNOWN) >= 15


@pytest.mark.parametrize(("id", "member"), MEMBERS)
def test_every_name_is_known_alone_and_in_a_sentence(id: str, member: str) -> None:
    for said in (
        member,
        member.upper(),
        f"{member} 5 mg, 1-0-1",
        f"since May: {member}",
        *([] if " " in member else [f"{member}s"]),
    ):
        assert id in {one.id for one in interactions_of(said, monograph())}


def test_no_two_names_of_different_interactions_sound_alike() -> None:
    alike = [
        (a, b) for a, b in combinations(MEMBERS, 2) if a[0] != b[0] and sounds(a[1]) == sounds(b[1]) and a[1] != b[1]
    ]
    assert alike == []


@pytest.mark.parametrize(
    "said",
    ["", "–", "paracetamol", "Paracétamol 500 mg", "vitamin D", "water", "baclofen", "omeprazol", "levothyroxine"],
)
def test_other_words_are_no_interaction(said: str) -> None:
    assert interactions_of(said, monograph()) == ()


@given(said=st.text(max_size=40), member=st.sampled_from(sorted(KNOWN)))
def test_what_stands_around_a_name_does_not_hide_it(said: str, member: str) -> None:
    assert member in named(f"{said} {member} {said}", [member])
