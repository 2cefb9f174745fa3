"""Each rule of the checker refuses a copy of a monograph that breaks it, and says where and what to do."""

from __future__ import annotations

import shutil
import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from gradatim.domain.citation import Citation
from gradatim.domain.fault import Fault
from gradatim.domain.guardrail import Applies, Bound, Guardrail, Kind
from gradatim.domain.reading import read
from gradatim.monographs import monograph
from gradatim.monographs.check import check
from gradatim.monographs.own_tests import Someone, governing_kind, run

PACKAGED = Path(str(files("gradatim.monographs")))
CITED = 'source = ["US-TAB [T]"]'


@cache
def before(name: str) -> frozenset[Fault]:
    return frozenset(check(PACKAGED / name))


@pytest.fixture(params=["baclofen_oral"])
def copy(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of a packaged monograph, with the bibliography beside it."""
    shutil.copy(PACKAGED / "bibliography.toml", tmp_path)
    return Path(shutil.copytree(PACKAGED / request.param, tmp_path / request.param))


def added(folder: Path, file: str, text: str) -> list[Fault]:
    """The faults that a block of TOML at the end of a file brings with it."""
    path = folder / f"{file}.toml"
    path.write_text(f"{path.read_text('utf-8')}\n{text}\n", "utf-8")
    return fresh(folder)


def fresh(folder: Path) -> list[Fault]:
    return [fault for fault in check(folder) if fault not in before(folder.name)]


def count(folder: Path, file: str, key: str) -> int:
    return len(tomllib.loads((folder / f"{file}.toml").read_text("utf-8"))[key])


def guardrail(id: str, kind: str, rest: str, source: str = CITED) -> str:
    return f'[[guardrails]]\nid = "{id}"\nkind = "{kind}"\nwhy = "x"\n{rest}\n{source}'


def titration(rest: str, id: str = "x-up", start: str = '{ per_day = "15 mg" }') -> str:
    ours = {"population": '"adult"', "step": '{ per_day = "15 mg" }', "interval": '"3 days"', "times": "[3]"}
    lines = [f"{key} = {value}" for key, value in ours.items() if f"\n{key} =" not in f"\n{rest}"]
    return "\n".join(
        (f'[[titrations]]\nid = "{id}"\ntitle = "x"\napplies_to = "x"\nstart = {start}', *lines, CITED, rest)
    )


def taper(rest: str) -> str:
    return f'[[tapers]]\nid = "x-down"\ntitle = "x"\napplies_to = "x"\n{CITED}\n{rest}'


def product(id: str, market: str, rest: str = "", source: str = CITED) -> str:
    tablet = 'name = "x"\nform = "tablet"\nstrength = "10 mg"'
    return f'[[products]]\nid = "{id}"\nmarket = "{market}"\n{tablet}\n{rest}\n{source}'


def interaction(members: str, level: str = "major") -> str:
    words = 'with_class = "x"\nmechanism = "x"\naction = "x"'
    return f'[[interactions]]\nid = "x"\n{words}\nmembers = {members}\nlevel = "{level}"\n{CITED}'


def test_a_copy_has_the_faults_of_its_original_and_no_more(copy: Path) -> None:
    assert frozenset(check(copy)) == before(copy.name) == frozenset(check(copy.name))


# --- rules that refuse an added block: file, list, block, field, problem, remedy ---------------------------------

BLOCKS = {
    "a fact without source": (
        "products",
        product("us/x", "US", source="source = []"),
        "source",
        "has no source",
        "Add at least one",
    ),
    "a frequency without source": (
        "reactions",
        '[[reactions]]\nid = "x"\nname = "x"\nplain = "x"\nfrequencies = [{ source = [], words = "common" }]',
        "frequencies[0].source",
        "has no source",
        "Add at least one",
    ),
    "a supported claim without source": (
        "claims",
        '[[claims]]\nid = "x"\norigin = "article"\nclaim = "x"\ngrades = ["S"]\nanswer = "x"',
        "source",
        "has no source",
        "Add at least one",
    ),
    "a verified code without source": (
        "codes",
        '[[codes]]\nsystem = "x"\nvalue = "x"\nsource = []',
        "source",
        "has no source",
        "Add at least one",
    ),
    "a source that nobody lists": (
        "products",
        product("us/x", "US", source='source = ["US-TUB [T]"]'),
        "source[0]",
        "US-TUB is not in the bibliography",
        "Did you mean US-TAB",
    ),
    "an id that is there twice": ("products", product("us/10", "US"), "id", "'us/10' is there twice", "its own"),
    "a product of another market": (
        "products",
        product("us/x", "DE"),
        "id",
        "us/x is not of the market DE",
        "with de/",
    ),
    "a British product without uk/": ("products", product("gb/x", "GB"), "id", "not of the market GB", "with uk/"),
    "an unknown market of a product": (
        "products",
        product("xx/1", "XX"),
        "market",
        "'XX' is not a known market",
        "Use one of",
    ),
    "an unknown market of a guardrail": (
        "guardrails",
        guardrail("x", "dose", 'applies = { markets = ["UK"] }\ngroup = "x"\nabsolute = "80 mg"'),
        "applies.markets",
        "'UK' is not a known market",
        "Use one of",
    ),
    "an unknown condition": (
        "guardrails",
        guardrail("x", "dose", 'applies = { conditions = ["epilepsi"] }\ngroup = "x"\nabsolute = "80 mg"'),
        "applies.conditions",
        "'epilepsi' is not a known condition",
        "mean epilepsy?",
    ),
    "an unknown indication": (
        "guardrails",
        guardrail("x", "dose", 'applies = { indications = ["stroky"] }\ngroup = "x"\nabsolute = "80 mg"'),
        "applies.indications",
        "'stroky' is not a known condition",
        "mean stroke?",
    ),
    "a guardrail derived from nothing": (
        "guardrails",
        guardrail("x", "dose", 'group = "x"\nabsolute = "80 mg"', 'source = ["D [D]"]'),
        "source",
        "derived, and from nothing",
        "Name the sources of its numbers",
    ),
    "an interaction without members": ("interactions", interaction("[]"), "members", "has no medicines", "lower case"),
    "a member with a capital": (
        "interactions",
        interaction('["Morphine"]'),
        "members",
        "not in lower case",
        "Write morphine",
    ),
    "a danger sign without an act": (
        "danger",
        f'[[danger_signs]]\nid = "x"\nsign = "x"\nlevel = "E"\nact = " "\nwhen = "x"\n{CITED}',
        "act",
        "has no act",
        "Write act",
    ),
    "a first day beyond the limit": (
        "titration",
        titration("", start='{ per_day = "25 mg" }'),
        "start",
        "x-up: 25 is beyond 20 mg",
        "Correct the number",
    ),
    "a first dose beyond the limit": (
        "titration",
        titration("times = [1]", start='{ per_dose = "12 mg" }'),
        "start",
        "x-up: 12 is beyond 10 mg",
        "Correct the number",
    ),
    "a step beyond the limit": (
        "titration",
        titration('step = { per_dose = "10 mg" }'),
        "step",
        "x-up: 30 is beyond 15 mg",
        "Correct the number",
    ),
    "the high end of a step beyond the limit": (
        "titration",
        titration('step = { per_day = "10-20 mg" }'),
        "step",
        "x-up: 20 is beyond 15 mg",
        "Correct the number",
    ),
    "steps too close together": (
        "titration",
        titration('interval = "2 days"'),
        "interval",
        "x-up: 2 is beyond 3 days",
        "Correct the number",
    ),
    "a maximum beyond that of its market": (
        "titration",
        titration('markets = ["DE"]\nmaximum_day = "80 mg"'),
        "maximum_day",
        "x-up: 80 is beyond 75 mg",
        "Correct the number",
    ),
    "a largest dose beyond that of its market": (
        "titration",
        titration('markets = ["US"]\nmaximum_dose = "25 mg"'),
        "maximum_dose",
        "x-up: 25 is beyond 20 mg",
        "Correct the number",
    ),
    "a child's maximum beyond that of its age": (
        "titration",
        titration(
            'population = "child"\ninterval = "7 days"\nage_from_months = 24\nmaximum_day = "60 mg"',
            start='{ per_day_per_kg = "0.3 mg/kg" }',
        ),
        "maximum_day",
        "x-up: 60 is beyond 40 mg",
        "Correct the number",
    ),
    "a child's steps too close together": (
        "titration",
        titration('population = "child"\nage_from_months = 96\ninterval = "3-7 days"'),
        "interval",
        "x-up: 3 is beyond 5 days",
        "usable = false",
    ),
    "a table beyond the limit": (
        "titration",
        titration(
            'rungs = [{ dose = "5 mg", times = 3 }, { dose = "10 mg", times = 3 }, { dose = "20 mg", times = 3 }]'
        ),
        "rungs",
        "x-up: 30 is beyond 15 mg",
        "Correct the number",
    ),
    "a table that does not climb": (
        "titration",
        titration('rungs = [{ dose = "5 mg", times = 3 }, { dose = "5 mg", times = 3 }]'),
        "rungs[1]",
        "does not climb",
        "lowest step first",
    ),
    "a table faster than its own interval": (
        "titration",
        titration('interval = "7 days"\nrungs = [{ dose = "5 mg", times = 3, days = 3 }]'),
        "rungs[0].days",
        "3 days are shorter",
        "Correct the table",
    ),
    "no number of doses a day": ("titration", titration("times = []"), "times", "does not say how many", "List them"),
    "a taper that is too fast": (
        "taper",
        taper('total = "5 days"'),
        "total",
        "x-down: 5 is beyond 7 days",
        "Correct the number",
    ),
    "a taper too fast after long use": (
        "taper",
        taper('total = "14 days"\nmarkets = ["CH"]\non_drug_over_days = 60'),
        "total",
        "x-down: 14 is beyond 21 days",
        "Correct the number",
    ),
    "a cut that is too big": (
        "taper",
        taper('step = "10-20 mg"'),
        "step",
        "x-down: 20 is beyond 15 mg",
        "Correct the number",
    ),
    "a share that is too big": (
        "taper",
        taper('fraction = "25-60 %"'),
        "fraction",
        "x-down: 3/5 is beyond 1/2",
        "Correct the number",
    ),
    "a last dose that is too big": (
        "taper",
        taper('last_day = "30 mg"'),
        "last_day",
        "x-down: 30 is beyond 15 mg",
        "Correct",
    ),
}


@pytest.mark.parametrize("case", BLOCKS.values(), ids=BLOCKS)
def test_it_refuses(copy: Path, case: tuple[str, ...]) -> None:
    file, block, field, problem, remedy = case
    (key,) = tomllib.loads(block)
    at = f"{file}.toml/{key}[{count(copy, file, key)}].{field}"
    found = [fault for fault in added(copy, file, block) if fault.path == at]
    assert any(problem in fault.problem and remedy in fault.remedy for fault in found), found


# --- and what it lets pass ---------------------------------------------------------------------------------------

FINE = {
    "an honest product": ("products", product("us/x", "US")),
    "an unverified code without source": (
        "codes",
        '[[codes]]\nsystem = "x"\nvalue = "x"\nsource = []\nverified = false',
    ),
    "a claim that nothing supports": (
        "claims",
        '[[claims]]\nid = "x"\norigin = "article"\nclaim = "x"\ngrades = ["N"]\nanswer = "x"',
    ),
    "a way up within the limits": ("titration", titration('maximum_day = "80 mg"')),
    "a way up that is shown and not run": ("titration", titration('usable = false\ninterval = "1 day"')),
    "a fast way down that needs nurses": ("taper", taper('fraction = "100 %"\ninterval = "1 day"\nneeds = "a ward"')),
    "the same limit for another group": ("guardrails", guardrail("x", "dose", 'group = "x"\nabsolute = "99 mg"')),
    "two limits for two age bands": (
        "guardrails",
        guardrail("x", "dose", 'group = "x"\nabsolute = "90 mg"\napplies = { age_from_months = 300 }')
        + "\n"
        + guardrail("y", "dose", 'group = "x"\nabsolute = "95 mg"\napplies = { age_under_months = 300 }'),
    ),
    "a limit of one market beside that of none": (
        "guardrails",
        guardrail("x", "dose", 'group = "x"\nabsolute = "90 mg"')
        + "\n"
        + guardrail("y", "dose", 'group = "x"\nabsolute = "95 mg"\napplies = { markets = ["US"] }'),
    ),
}


@pytest.mark.parametrize(("file", "block"), FINE.values(), ids=FINE)
def test_it_lets_pass(copy: Path, file: str, block: str) -> None:
    assert added(copy, file, block) == []


# --- limits that contradict one another --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("", ""),
        ('applies = { markets = ["US", "CA"] }', 'applies = { markets = ["CA"] }'),
        ("applies = { age_from_months = 216 }", "applies = { age_from_months = 480 }"),
        ("applies = { egfr_under = 60 }", "applies = { egfr_from = 30, egfr_under = 45 }"),
        ('applies = { conditions = ["epilepsy", "stroke"] }', 'applies = { conditions = ["stroke"] }'),
    ],
)
def test_it_refuses_two_limits_for_the_same_people(copy: Path, one: str, other: str) -> None:
    blocks = [guardrail(name, "dose", f'group = "x"\nabsolute = "{mg} mg"\n{applies}')
              for name, mg, applies in (("x", 90, one), ("y", 95, other))]  # fmt: skip
    place = count(copy, "guardrails", "guardrails") + 1
    (fault,) = added(copy, "guardrails", "\n".join(blocks))
    assert fault.path == f"guardrails.toml/guardrails[{place}]"
    assert "y and x limit dose of the same people differently" in fault.problem
    assert "applies or group" in fault.remedy


def test_it_refuses_bounds_that_cross(copy: Path) -> None:
    place = count(copy, "guardrails", "guardrails")
    block = guardrail("x", "dose", 'group = "x"\nrecommended = "90 mg"\nabsolute = "80 mg"')
    (fault,) = (each for each in added(copy, "guardrails", block) if each.path.startswith("guardrails"))
    assert fault.path == f"guardrails.toml/guardrails[{place}].absolute"
    assert fault.remedy == "Exchange or correct them"


# --- files -------------------------------------------------------------------------------------------------------


def test_it_refuses_what_is_not_toml_and_still_reads_the_rest(copy: Path) -> None:
    (copy / "missed.toml").write_text("missed_dose = = 1\n", "utf-8")
    found = added(copy, "guardrails", guardrail("x", "dose", 'group = "x"\nabsolute = "80 mg"', "source = []"))
    assert [fault.path for fault in found if "not readable TOML" in fault.problem] == ["missed.toml"]
    assert any(fault.path.endswith(".source") for fault in found), "the guardrail is not reported beside it"


def test_it_refuses_bytes_that_are_not_text(copy: Path) -> None:
    (copy / "taper.toml").write_bytes(b"# \xff\n")
    assert any(fault.path == "taper.toml" and "Correct the file" in fault.remedy for fault in fresh(copy))


@pytest.mark.parametrize("file", ["titration", "claims", "tests"])
def test_it_refuses_a_missing_file(copy: Path, file: str) -> None:
    (copy / f"{file}.toml").unlink()
    assert Fault(f"{file}.toml", "is missing", f"Add {file}.toml to the folder") in fresh(copy)


def test_it_refuses_a_folder_that_is_not_there(tmp_path: Path) -> None:
    (fault,) = check(tmp_path / "nothing")
    assert fault.remedy == "Give the folder of its TOML files"


def test_it_names_all_unknown_and_missing_keys_at_once(copy: Path) -> None:
    place = count(copy, "products", "products")
    found = added(copy, "products", '[[products]]\nid = "us/x"\nmarkt = "US"\nname = "x"\nform = "tablet"')
    at = f"products.toml/products[{place}]"
    assert Fault(f"{at}.markt", "'markt' is not known here", "Did you mean market?") in found
    assert Fault(f"{at}.market", "is missing", "Add market") in found
    assert Fault(f"{at}.source", "is missing", "Add source") in found


def test_it_refuses_an_evidence_tag_for_lay_pages(copy: Path) -> None:
    place = count(copy, "products", "products")
    found = added(copy, "products", product("us/x", "US", source='source = ["BLOG [X]"]'))
    (fault,) = (each for each in found if each.path == f"products.toml/products[{place}].source[0]")
    assert fault.remedy == "Write a source key and its evidence tag, for example US-TAB [T]"


def test_it_refuses_a_list_that_stands_in_two_files(copy: Path) -> None:
    found = added(copy, "taper", titration(""))
    assert Fault("taper.toml/titrations", "stands in another file too", "Keep one of them") in found


def test_it_refuses_a_usable_way_up_without_a_step(copy: Path) -> None:
    place = count(copy, "titration", "titrations")
    block = titration("").replace('step = { per_day = "15 mg" }\n', "")
    (fault,) = added(copy, "titration", block)
    assert (fault.path, "usable = false" in fault.remedy) == (f"titration.toml/titrations[{place}].usable", True)


def test_it_refuses_a_bibliography_that_names_a_source_twice(copy: Path) -> None:
    path = copy.parent / "bibliography.toml"
    path.write_text(path.read_text("utf-8") + '\n[[sources]]\nkey = "US-TAB"\ntitle = "x"\n', "utf-8")
    (fault,) = fresh(copy)
    assert fault.path.startswith("bibliography.toml/sources[")
    assert fault.problem == "'US-TAB' is there twice"


def test_it_refuses_a_bibliography_that_cannot_be_read(copy: Path) -> None:
    path = copy.parent / "bibliography.toml"
    path.write_text('[[sources]]\nkey = "US-TAB"\n', "utf-8")
    assert Fault("bibliography.toml/sources[0].title", "is missing", "Add title") in fresh(copy)


def test_a_copy_without_a_bibliography_uses_the_packaged_one(copy: Path) -> None:
    (copy.parent / "bibliography.toml").unlink()
    assert fresh(copy) == []


# --- a monograph's own tests -------------------------------------------------------------------------------------

WRONG = {
    "a wrong number": (
        '{ name = "n", titration = "us-label", maximum_day = "90 mg" }',
        "maximum_day is '80 mg', expected '90 mg'",
    ),
    "a wrong first day": (
        '{ name = "n", titration = "us-label", start_day = "20 mg" }',
        "start_day is '15 mg', expected '20 mg'",
    ),
    "a wrong part of a table": (
        '{ name = "n", titration = "us-label", rungs = [{ dose = "7 mg", times = 3 }] }',
        "rungs is",
    ),
    "a number where text stands": ('{ name = "n", product = "us/10", divisible_into = "2" }', "divisible_into is 2"),
    "words that are not said": ('{ name = "n", product = "us/10", says = ["chocolate"] }', "'chocolate' is not said"),
    "a field that is not there": ('{ name = "n", product = "us/10", colour = "red" }', "'colour' is not a field here"),
    "a wrong band": (
        '{ name = "n", guardrail_kind = "day", market = "US", value = "85 mg", expect = "within" }',
        "85 mg is beyond absolute (day-adult-us), expected within",
    ),
    "no guardrail at all": (
        '{ name = "n", guardrail_kind = "avoid", age_months = 480, egfr = 90, expect = "applies" }',
        "no guardrail of the kind avoid applies",
    ),
    "a guardrail too many": (
        '{ name = "n", guardrail_kind = "avoid", age_months = 480, egfr = 20, expect = "silent" }',
        "should not apply to this person",
    ),
}
UNASKED = {
    "nothing asked": ('{ name = "n" }', "", "this case asks nothing", "what to expect"),
    "nothing expected": ('{ name = "n", product = "us/10" }', "", "this case asks nothing", "what to expect"),
    "no name": ('{ product = "us/10", strength = "10 mg" }', "", "this case asks nothing", "Give a name"),
    "an unknown item": (
        '{ name = "n", product = "us/11", strength = "x" }',
        ".product",
        "no product is called 'us/11'",
        "us/1",
    ),
    "an unknown path": (
        '{ name = "n", fact = "gap.day", hours = 1 }',
        ".fact",
        "there is no gap.day",
        "path of a field",
    ),
    "no value": (
        '{ name = "n", guardrail_kind = "day", expect = "within" }',
        ".value",
        "nothing to classify",
        "Give a value",
    ),
    "an unknown kind": (
        '{ name = "n", guardrail_kind = "dey", expect = "silent" }',
        ".guardrail_kind",
        "'dey'",
        "mean day",
    ),
    "an unreadable value": (
        '{ name = "n", guardrail_kind = "day", value = "8O mg", expect = "within" }',
        ".value",
        "'8O mg'",
        "80 mg",
    ),
}


def with_case(folder: Path, case: str) -> list[Fault]:
    """The faults of one more own test."""
    path = folder / "tests.toml"
    path.write_text(f"{path.read_text('utf-8').rstrip().removesuffix(']')}{case},\n]\n", "utf-8")
    return fresh(folder)


@pytest.mark.parametrize(("case", "problem"), WRONG.values(), ids=WRONG)
def test_an_own_test_that_fails_is_a_fault(copy: Path, case: str, problem: str) -> None:
    place = count(copy, "tests", "tests")
    (fault,) = with_case(copy, case)
    assert fault.path == f"tests.toml/tests[{place}]"
    assert problem in fault.problem
    assert fault.remedy == "Read the source again, then correct the monograph or the case"


@pytest.mark.parametrize(("case", "at", "problem", "remedy"), UNASKED.values(), ids=UNASKED)
def test_an_own_test_that_asks_nothing_is_a_fault(copy: Path, case: str, at: str, problem: str, remedy: str) -> None:
    place = count(copy, "tests", "tests")
    (fault,) = with_case(copy, case)
    assert fault.path == f"tests.toml/tests[{place}]{at}"
    assert problem in fault.problem
    assert remedy in fault.remedy


def test_a_monograph_without_own_tests_is_a_fault(copy: Path) -> None:
    (copy / "tests.toml").write_text("tests = []\n", "utf-8")
    assert Fault("tests.toml/tests", "there are no own tests", "Write the numbers again from the sources") in fresh(
        copy
    )


@pytest.mark.parametrize("copy", ["baclofen_intrathecal"], indirect=True)
@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        ("dosing", 'dose = "75 micrograms"', 'dose = "80 micrograms"', "'80 micrograms', expected '75 micrograms'"),
        ("dosing", "long_over_hours = 12", "long_over_hours = 8", "long_over_hours is 8, expected 12"),
        ("dosing", 'dose = "75 micrograms"', 'dose = "75 mg"', "'75 mg' is not in micrograms"),
        ("ampoules", 'market = "CH"', 'market = "DE"', "ch/it-2000 is not of the market DE"),
        ("ampoules", '"10 mg/5 mL"', '"10 mg/20 mL"', "10 mg/20 mL is not 2000 micrograms in 1 mL"),
        ("topics", 'id = "plasma"', 'id = "tolerance"', "'tolerance' is there twice"),
        ("pump", 'level = "E"', 'level = "V"', "level is 'V', expected 'E'"),
        ("withdrawal", '"GREEN [2]"', '"GREN [2]"', "GREN is not in the bibliography"),
    ],
)  # fmt: skip
def test_it_checks_the_monograph_by_pump_too(copy: Path, file: str, old: str, new: str, problem: str) -> None:
    path = copy / f"{file}.toml"
    assert old in path.read_text("utf-8")
    path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    assert any(problem in fault.problem for fault in fresh(copy))


# --- whom a guardrail is for -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("applies", "someone", "wanted"),
    [
        ({}, {}, True),
        ({"age_from_months": 216}, {}, True),
        ({"age_from_months": 217}, {}, False),
        ({"age_under_months": 216}, {}, False),
        ({"age_from_months": 96, "age_under_months": 216}, {"age_months": 96}, True),
        ({"age_from_months": 96, "age_under_months": 216}, {"age_months": 216}, False),
        ({"egfr_under": 30}, {"egfr": 29}, True),
        ({"egfr_under": 30}, {"egfr": 30}, False),
        ({"egfr_under": 30}, {}, False),
        ({"egfr_from": 30}, {"egfr": 30}, True),
        ({"weight_under_kg": 33}, {"weight_kg": 32}, True),
        ({"weight_under_kg": 33}, {}, False),
        ({"dialysis": True}, {}, False),
        ({"dialysis": True}, {"dialysis": True}, True),
        ({"markets": ("US", "CA")}, {"market": "CA"}, True),
        ({"markets": ("US", "CA")}, {}, False),
        ({"conditions": ("epilepsy", "stroke")}, {"conditions": ("stroke", "diabetes")}, True),
        ({"conditions": ("epilepsy",)}, {"conditions": ("diabetes",)}, False),
        ({"indications": ("stroke",)}, {"conditions": ("stroke",)}, False),
        ({"on_drug_over_days": 60}, {"on_drug_days": 60}, False),
        ({"on_drug_over_days": 60}, {"on_drug_days": 61}, True),
        ({"on_drug_over_days": 60}, {}, False),
        ({"egfr_under": 60, "age_from_months": 780}, {"egfr": 40, "age_months": 480}, False),
    ],
)
def test_every_given_part_must_hold(applies: dict[str, Any], someone: dict[str, Any], wanted: bool) -> None:
    rail = Guardrail(
        id="r",
        kind=Kind.DAY,
        why="w",
        source=(Citation.parse("US-TAB [T]"),),
        applies=Applies(**applies),
        absolute=Bound.parse("1 mg"),
    )
    assert bool(governing_kind((rail,), Kind.DAY, Someone(**someone))) is wanted


def test_a_limit_of_the_market_replaces_the_one_of_none_in_its_group_only() -> None:
    blocks = "\n".join((
        guardrail("free", "dose", 'absolute = "1 mg"'),
        guardrail("us", "dose", 'absolute = "2 mg"\napplies = { markets = ["US"] }'),
        guardrail("other-group", "dose", 'group = "renal"\nabsolute = "3 mg"'),
        guardrail("other-kind", "day", 'absolute = "4 mg"'),
    ))  # fmt: skip
    rails = read(tuple[Guardrail, ...], tomllib.loads(blocks)["guardrails"])
    assert [rail.id for rail in governing_kind(rails, rails[0].kind, Someone(market="US"))] == ["us", "other-group"]
    assert [rail.id for rail in governing_kind(rails, rails[0].kind, Someone(market="FR"))] == ["free", "other-group"]
    assert [rail.id for rail in governing_kind(rails, rails[0].kind, Someone())] == ["free", "other-group"]


def test_an_own_test_may_be_run_alone() -> None:
    case = {"name": "US 85 mg", "guardrail_kind": "day", "market": "US", "value": "85 mg", "expect": "beyond"}
    assert run(case, "case", (monograph(),)) == ()
