"""A virtual trial as a figure: every number where it belongs, in words too."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from gradatim.domain.fault import BadInput
from gradatim.kinetics.catalogue import published
from gradatim.kinetics.events import doses
from gradatim.kinetics.population import Population
from gradatim.kinetics.trial import Trial, arms_of, trial
from gradatim.languages import speaking
from gradatim.report.levels import trial_svg

SVG = "{http://www.w3.org/2000/svg}"
ADULT = published("adult-derived")
MODEL = ADULT.model()
DAYS = [24.0 * day for day in range(3)]
ARMS = arms_of(
    {
        "three a day <b>": doses(10, [day + hour for day in DAYS for hour in (8, 14, 21)]),
        "half of it": doses(5, [day + hour for day in DAYS for hour in (8, 14, 21)]),
    },
    {"adults": Population.of_published(ADULT, covariates={"CRCL": 90.0}, seed=1)},
)


@pytest.fixture(scope="module")
def found() -> Trial:
    return trial(MODEL, ARMS, 400, np.arange(0, 73.0), [24, 48, 72])


def drawn(found: Trial, **more: object) -> ElementTree.Element:
    return ElementTree.fromstring(trial_svg(found, MODEL.units, **more))  # type: ignore[arg-type]


@pytest.mark.parametrize("measure", ["highest", "lowest", "area"])
@pytest.mark.parametrize("interval", [0, -1])
def test_each_arm_lies_where_its_people_do(found: Trial, measure: str, interval: int) -> None:
    root = drawn(found, measure=measure, interval=interval)
    middles = [float(one.get("cx", "")) - 4 for one in root.iter(f"{SVG}circle")]
    told = [arm.quantile(measure, [0.5])[0, interval] for arm in found.arms]
    assert len(middles) == len(found.arms) == 2
    assert middles[1] / middles[0] == pytest.approx(told[1] / told[0], abs=0.002)
    boxes = [(float(one.get("x", "")) - 4, float(one.get("width", ""))) for one in root.iter(f"{SVG}rect")]
    for arm, middle, (begin, wide) in zip(found.arms, told, boxes, strict=True):
        under, over = arm.quantile(measure, [0.25, 0.75])[:, interval]
        assert begin / middles[0] == pytest.approx(under / told[0], abs=0.003)
        assert (begin + wide) / middles[0] == pytest.approx(over / told[0], abs=0.003)
        assert under < middle < over


def test_it_says_in_words_what_it_shows(found: Trial) -> None:
    root = drawn(found)
    said = root.findtext(f"{SVG}desc") or ""
    assert re.search(r"three a day <b>: [\d.,]+ ng/mL·h for the middle person, [\d.,]+ to [\d.,]+ for 90 of 100", said)
    assert "From 48 to 72 h after the begin; 400 made-up people in each arm" in said
    assert root.findtext(f"{SVG}title") == "Area under the level, ng/mL·h"
    for one in root.iter(f"{SVG}text"):
        assert 0 <= float(one.get("x", "")) <= 720
    with speaking("de"):
        assert "die mittlere Person" in trial_svg(found, MODEL.units)


def test_levels_that_are_small_in_their_unit_have_an_axis_of_their_own(found: Trial) -> None:
    lines = [one.get("d", "") for one in drawn(found, measure="highest").iter(f"{SVG}path")]
    assert max(float(x) for one in lines for x in re.findall(r"H([\d.]+)", one)) > 300


def test_what_is_not_there_is_refused(found: Trial) -> None:
    with pytest.raises(BadInput, match="0 to 1, or -1"):
        trial_svg(found, MODEL.units, interval=2)
    with pytest.raises(BadInput, match="highest, lowest or area"):
        trial_svg(found, MODEL.units, "middle")  # type: ignore[arg-type]
