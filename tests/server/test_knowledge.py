"""What is known, for anybody: complete, each number with its source, and kept by whoever asked until it changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from gradatim.domain.citation import Citation
from gradatim.monographs import bibliography, leaflet, monograph, not_embedded, scales
from gradatim.server.models import Access, Audit
from tests.server.made import browser, send

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
PARTS = ["danger-signs", "monograph", "products", "protocols", "scales"]


def known(part: str) -> Any:
    said = send(browser(), "get", f"/knowledge/{part}")
    assert said.status_code == 200
    return said.json()


def facts(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, list):
        for one in part:
            yield from facts(one)
    if isinstance(part, dict):
        if "source" in part:
            yield part
        for one in part.values():
            yield from facts(one)


@pytest.mark.parametrize("part", PARTS)
def test_every_fact_has_its_source_beside_it(part: str) -> None:
    made = known(part)
    cited = {Citation.parse(key).key for one in facts(made) for key in one["source"]}
    assert len(cited) > 3
    assert set(made["sources"]) == {key for key in cited if key in bibliography()}
    assert cited - set(made["sources"]) <= {"D"}
    assert all(one["title"] for one in made["sources"].values())
    assert set(made["evidence"]) == {"T", "A", "M", "2", "D"}


def test_danger_signs() -> None:
    made = known("danger-signs")
    assert [one["id"] for one in made["danger_signs"]] == [one.id for one in leaflet().danger_signs]
    assert {one["level"] for one in made["danger_signs"]} == set(made["levels"]) == {"E", "D", "V"}
    assert made["gap"]["hours"] == leaflet().gap.hours
    assert all(one["act"] and one["source"] for one in made["danger_signs"])


def test_what_people_read() -> None:
    made = known("monograph")
    assert [one["id"] for one in made["reactions"]] == [one.id for one in leaflet().reactions]
    assert {one["id"] for one in made["topics"]} >= {"storage-tablets", "driving", "alcohol", "stopping"}
    assert len(made["claims"]) == len(leaflet().claims) > 10
    assert {grade for one in made["claims"] for grade in one["grades"]} <= set(made["grades"]) == {"S", "P", "C", "N"}
    assert all(one["source"] for one in made["claims"] if one["grades"] != ["N"])
    shown = {one["id"]: one for one in made["reactions"]}
    percents = [one for reaction in shown.values() for one in reaction["frequencies"] if "percent_low" in one]
    assert percents
    assert all(one["source"] for one in percents)
    signs = {one.id for one in leaflet().danger_signs}
    assert any(one["danger_signs"] for one in made["reactions"])
    assert {id for one in made["reactions"] for id in one["danger_signs"]} <= signs


def test_what_the_planner_offers() -> None:
    assert [one["id"] for one in known("products")["products"]] == [one.id for one in monograph().products]
    made = known("protocols")
    assert [one["id"] for one in made["titrations"]] == [one.id for one in monograph().titrations]
    assert [one["id"] for one in made["tapers"]] == [one.id for one in monograph().tapers]
    made = known("scales")
    assert [one["id"] for one in made["scales"]] == list(scales())
    assert [one["id"] for one in made["not_embedded"]] == [one.id for one in not_embedded()]


@pytest.mark.parametrize("part", PARTS)
def test_what_did_not_change_is_not_sent_again(part: str) -> None:
    client = browser()
    first = send(client, "get", f"/knowledge/{part}")
    tag = first["ETag"]
    assert first["Cache-Control"] == "public, max-age=3600"
    for said in (tag, f"W/{tag}", f'"other", {tag}'):
        again = send(client, "get", f"/knowledge/{part}", headers={"If-None-Match": said})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
        assert again["Cache-Control"] == "public, max-age=3600"
    assert send(client, "get", f"/knowledge/{part}", headers={"If-None-Match": '"other"'}).status_code == 200
    packed = send(client, "get", f"/knowledge/{part}", headers={"Accept-Encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]


def test_nobody_is_told_or_remembered(django_assert_num_queries: Any) -> None:
    client = browser()
    with django_assert_num_queries(0):
        said = send(client, "get", "/knowledge/danger-signs")
    assert not said.cookies
    assert not Access.objects.exists()
    assert not Audit.objects.exists()
