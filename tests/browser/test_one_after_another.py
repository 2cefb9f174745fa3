"""One browser, one account after another: nothing of the first is shown to the second, and what the first wrote is sent by nobody else."""

from __future__ import annotations

from datetime import UTC, datetime

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.clinic import Clinic, Somebody, kept, session, sign_in
from tests.browser.conftest import NewBrowser
from tests.browser.home import back, due_now, heard, quiet, settled, take, unheard, unsent, until, worker_ready


def with_a_plan(clinic: Clinic, name: str) -> Somebody:
    """An account whose record has a dose that is due now."""
    who = clinic.account(name)
    assert who.home is not None
    who.home.book = due_now(datetime.now(UTC))
    who.home.push(who.home.book.entries)
    return who


def inside(clinic: Clinic, context: BrowserContext, who: Somebody) -> Page:
    """Sign in, and wait until what is due is kept."""
    page = sign_in(clinic, context.new_page(), who)
    heard(page)
    return page


def becomes(context: BrowserContext, other: BrowserContext) -> None:
    """The cookies of another browser take the place of this one's: somebody else signed in, and no page here was told."""
    context.clear_cookies()
    context.add_cookies(other.cookies())  # type: ignore[arg-type]


def records(page: Page) -> set[str]:
    """The records of which anything lies on this device."""
    text = kept(page)
    return {part[:36] for part in text.split("records/")[1:]}


def test_who_comes_after_sees_nothing_of_who_was_there(clinic: Clinic, new_browser: NewBrowser) -> None:
    first, second = with_a_plan(clinic, "Q. Name"), with_a_plan(clinic, "W. Name")
    assert first.home is not None
    assert second.home is not None
    context, other = new_browser(), new_browser()
    inside(clinic, other, second)
    page = inside(clinic, context, first)
    worker_ready(page)
    clinic.open(page, "#/people")
    quiet(page)
    clinic.open(page, "#/now")
    context.set_offline(True)
    take(page)
    (waiting,) = unsent(page)

    # somebody else signs in, and this page is told by the server alone
    becomes(context, other)
    context.set_offline(False)
    back(page)
    until(page, lambda: session(page)["name"] == "W. Name" and records(page) == {second.home.record})  # type: ignore[union-attr]
    settled(page)
    heard_of(page, second.home.record)
    expect(page.get_by_text("1 entry that another account wrote on this device is not sent yet.")).to_be_visible()
    expect(page.get_by_role("button", name="Taken", exact=True)).to_be_visible()
    for screen in ("now", "history", "people", "plan", "more"):
        clinic.open(page, f"#/{screen}")
        quiet(page)
        assert "Q. Name" not in page.locator("body").inner_text()
    assert first.email not in kept(page)

    # without a network too
    context.set_offline(True)
    for screen in ("now", "history", "people", "plan", "settings/device"):
        page.goto("about:blank")
        page.goto(f"{clinic.app}#/{screen}")
        settled(page)
        assert "Q. Name" not in page.locator("body").inner_text()
    clinic.open(page, "#/now")
    take(page)
    context.set_offline(False)
    back(page)
    heard_of(page, second.home.record)
    assert [one["id"] for one in unsent(page)] == [waiting["id"]]  # not lost
    assert waiting["id"] not in {one["id"] for one in [*first.home.entries(), *second.home.entries()]}  # and not sent
    assert [one["author"] for one in second.home.new("dose-taken")] == ["W. Name"]

    # until it is the first again
    fresh = new_browser()
    inside(clinic, fresh, first)
    becomes(context, fresh)
    page.reload()
    until(page, lambda: unsent(page) == [])
    assert [(one["id"], one["author"]) for one in first.home.new("dose-taken")] == [(waiting["id"], "Q. Name")]
    until(page, lambda: records(page) == {first.home.record})  # type: ignore[union-attr]


def heard_of(page: Page, record: str) -> None:
    """Wait until everything of a record that was written here is in its packet."""
    until(page, lambda: record in records(page) and not [one for one in unheard(page) if one["record"] == record])


def test_a_page_that_stays_open_is_refused_and_begins_anew(clinic: Clinic, new_browser: NewBrowser) -> None:
    first, second = with_a_plan(clinic, "Q. Name"), with_a_plan(clinic, "W. Name")
    assert first.home is not None
    assert second.home is not None
    context, other = new_browser(), new_browser()
    sent: list[str | None] = []
    context.on(
        "request",
        lambda one: sent.append(one.headers.get("gradatim-account")) if "/api/v1/records" in one.url else None,
    )
    inside(clinic, other, second)
    page = inside(clinic, context, first)
    told = session(page)["account"]
    becomes(context, other)
    take(page)  # the tap comes before this page knows
    until(page, lambda: session(page)["name"] == "W. Name" and records(page) == {second.home.record})  # type: ignore[union-attr]
    settled(page)
    assert told in sent
    assert len(unsent(page)) == 1
    assert second.home.new("dose-taken") == []
    expect(page.get_by_text("1 entry that another account wrote")).to_be_visible()


def of_records(page: Page) -> list[str]:
    """The settings on this device that say something of a record."""
    names: list[str] = page.evaluate(
        """async () => {
            const open = (request) => new Promise((done, fail) => { request.onsuccess = () => done(request.result); request.onerror = () => fail(request.error); });
            const kept = await open(indexedDB.open('gradatim'));
            const names = await open(kept.transaction('settings').objectStore('settings').getAllKeys());
            kept.close();
            return names;
        }"""
    )
    return [name for name in names if name.startswith(("draft ", "prefetched "))]


def test_signing_in_as_another_on_a_device_that_was_ended(clinic: Clinic, new_browser: NewBrowser) -> None:
    first, second = with_a_plan(clinic, "Q. Name"), with_a_plan(clinic, "W. Name")
    assert first.home is not None
    assert second.home is not None
    context = new_browser()
    page = inside(clinic, context, first)
    until(page, lambda: of_records(page) != [])
    context.set_offline(True)
    take(page)
    first.home.end_devices()
    clinic.end_sessions(first)
    context.set_offline(False)
    back(page)
    expect(page.get_by_text("This device is signed out. Sign in: 1 entry waits here")).to_be_visible()
    until(page, lambda: of_records(page) == [])  # they end with the sign-in
    sign_in(clinic, page, second)
    heard_of(page, second.home.record)
    until(page, lambda: records(page) == {second.home.record})  # type: ignore[union-attr]
    assert len(unsent(page)) == 1
    assert session(page)["device"] is not None
    clinic.open(page, "#/settings/device")
    expect(page.get_by_role("button", name="Remove it and lose them")).to_be_visible()  # not without a word
