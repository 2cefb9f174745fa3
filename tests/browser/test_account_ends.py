"""The account in the app: another e-mail address, proved by a code, and erasing all of it, with nothing left on the device."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.clinic import PASSWORD, Clinic, address, field, kept, press, session, sign_in, sign_up, type_password
from tests.browser.conftest import NewBrowser
from tests.browser.home import Home, back, due_now, heard, settled, take, unsent, until, watched
from tests.browser.test_mail_and_provider import code_in


def proved(page: Page) -> None:
    """Answer the question who it is."""
    again = page.get_by_role("dialog", name="Is it you?")
    field(again, "Password").fill(PASSWORD)
    press(again, "It is me")
    expect(again).to_have_count(0)


def records_of(home: Home | None, *wanted: str) -> list[dict[str, Any]]:
    """What the server says of some records of an account."""
    assert home is not None
    found: list[dict[str, Any]] = home.ask("records")
    return [one for one in found if one["id"] in wanted]


def another_is_open(page: Page, record: str) -> None:
    """The app hears that of all records one is left to this account, and opens it; as if the part in the others had ended."""
    page.unroute_all()
    page.route(
        "**/api/v1/records",
        lambda route: route.fulfill(json=[one for one in route.fetch().json() if one["id"] == record]),
    )
    back(page)
    until(page, lambda: opened(page) == record)
    page.unroute_all()


def opened(page: Page) -> str:
    """The record that is open, as the device keeps it."""
    found: str = page.evaluate(
        """async () => {
            const open = (request) => new Promise((done, fail) => { request.onsuccess = () => done(request.result); request.onerror = () => fail(request.error); });
            const kept = await open(indexedDB.open('gradatim'));
            const one = await open(kept.transaction('settings').objectStore('settings').get('record'));
            kept.close();
            return one ?? '';
        }"""
    )
    return found


def test_another_address_is_proved_by_a_code_and_the_old_one_is_told(
    open_clinic: Clinic, new_browser: NewBrowser
) -> None:
    page = new_browser().new_page()
    open_clinic.open(page, "#sign-up")
    who, after = sign_up(page, address(), "A. Name"), address()
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    field(page, "Code from the mail").fill(code_in(open_clinic.mail(who.email)))
    press(page, "Confirm the address")
    expect(page.get_by_role("heading", name="Nothing is here yet")).to_be_visible()
    open_clinic.older(who, 3600)
    open_clinic.open(page, "#/account")
    field(page, "New e-mail address").fill("nothing")
    press(page, "Send a code there")
    expect(page.get_by_text("This is no e-mail address.")).to_be_visible()
    field(page, "New e-mail address").fill(after)
    press(page, "Send a code there")
    proved(page)
    expect(page.get_by_text(f"A code was sent to {after}. Until you type it, the old address stays.")).to_be_visible()
    field(page, "Code from the mail").fill("AAAA11")
    press(page, "Confirm the address")
    expect(page.get_by_text("This code is not right. Look into the newest mail.")).to_be_visible()
    field(page, "Code from the mail").fill(code_in(open_clinic.mail(after)))
    press(page, "Confirm the address")
    expect(page.get_by_text(f"Your address is {after} now.")).to_be_visible()
    expect(page.get_by_text(f"You sign in with {after}.")).to_be_visible()
    assert after in open_clinic.mail(who.email)  # the newest one there: it is told
    other = new_browser().new_page()
    open_clinic.open(other, "#/signin")
    type_password(other, who)
    expect(other.get_by_text("The address or the password is not right.")).to_be_visible()
    who.email = after
    type_password(other, who)
    expect(other.get_by_role("heading", name="Nothing is here yet")).to_be_visible()


def test_without_mail_the_address_is_changed_with_a_proof(clinic: Clinic, new_browser: NewBrowser) -> None:
    page = new_browser().new_page()
    who, other, after = clinic.account(), clinic.account(), address()
    sign_in(clinic, page, who)
    clinic.older(who, 3600)
    clinic.open(page, "#/account")
    expect(page.get_by_text("This server sends no mail")).to_be_visible()
    field(page, "New e-mail address").fill(other.email)
    press(page, "Change the address")
    proved(page)
    expect(page.get_by_text("There is an account with this address.")).to_be_visible()
    field(page, "New e-mail address").fill(after)
    press(page, "Change the address")
    expect(page.get_by_text(f"Your address is {after} now.")).to_be_visible()


def test_the_account_is_erased_and_nothing_of_it_stays_here(
    clinic: Clinic, new_browser: NewBrowser, tmp_path: Path
) -> None:
    who = clinic.account("Q. Name")
    assert who.home is not None
    who.home.book = due_now(datetime.now(UTC))
    who.home.push(who.home.book.entries)
    page = sign_in(
        clinic, new_browser(service_workers="block").new_page(), who
    )  # a worker would send what the page cannot
    heard(page)
    clinic.open(page, "#/account")
    clinic.older(who, 3600)
    press(page, "See what is lost, and erase it")
    erase = page.get_by_role("region", name="Erase this account")
    expect(erase.get_by_text("1 record is about you.")).to_be_visible()
    expect(erase.get_by_text("Baclofen is not to be stopped because an account ends.")).to_be_visible()
    with page.expect_download() as saved:
        press(erase, "Save a copy of everything")
    saved.value.save_as(tmp_path / "copy.json")
    copy = json.loads((tmp_path / "copy.json").read_text())
    assert copy["account"]["email"] == who.email
    assert list(copy["records"]) == [who.home.record]

    # what only this device has is named before
    refusal = {"type": "urn:gradatim:problem:not-allowed", "title": "No", "status": 403}
    page.route("**/entries", lambda route: route.fulfill(status=403, json=refusal))
    page.get_by_role("link", name="Now", exact=True).click()
    take(page)
    assert len(unsent(page)) == 1
    page.get_by_role("link", name="More", exact=True).click()
    clinic.open(page, "#/account")
    press(page, "See what is lost, and erase it")
    expect(erase.get_by_text("1 entry is on this device only. It is lost with the account.")).to_be_visible()

    final = erase.get_by_role("button", name="Erase the account for ever")
    expect(final).to_be_disabled()
    field(erase, "To erase it, write the word erase.").fill("erase")
    final.click()
    again = page.get_by_role("dialog", name="Is it you?")
    press(again, "Leave it")
    expect(erase.get_by_text("Nothing was changed.")).to_be_visible()
    assert session(page)["name"] == "Q. Name"
    final.click()
    proved(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Sign in|Baclofen"))
    settled(page)
    until(page, lambda: who.home is not None and who.home.record not in kept(page))
    found = kept(page)
    assert [one in found for one in ("Q. Name", who.email, who.home.record)] == [False] * 3
    assert session(page)["name"] is None
    clinic.open(page, "#/signin")
    type_password(page, who)
    expect(page.get_by_text("The address or the password is not right.")).to_be_visible()


def test_only_the_record_that_was_meant_is_erased(clinic: Clinic, new_browser: NewBrowser) -> None:
    """Another record is open by the time somebody has said who they are."""
    who = clinic.account("Q. Name")
    assert who.home is not None
    other = str(who.home.ask("records", {})["id"])
    page = sign_in(clinic, watched(new_browser().new_page()), who)
    clinic.open(page, "#/people")
    clinic.older(who, 3600)
    press(page, "Erase the record")
    field(page, "To erase it, write the word erase.").fill("erase")
    press(page, "Erase it for ever")
    again = page.get_by_role("dialog", name="Is it you?")
    expect(again).to_be_visible()
    another_is_open(page, other)
    field(again, "Password").fill(PASSWORD)
    press(again, "It is me")
    until(page, lambda: who.home is not None and [one["id"] for one in who.home.ask("records")] == [other])


def test_a_plan_is_approved_in_the_record_for_which_it_was_asked(clinic: Clinic, new_browser: NewBrowser) -> None:
    """The same with a signature: it goes into the record that was read, though another one is open by then."""
    patients, doctor = [clinic.account("Q. Name"), clinic.account("W. Name")], clinic.account("Dr B. Name")
    assert doctor.home is not None
    for one in patients:
        assert one.home is not None
        one.home.push(due_now(datetime.now(UTC)).entries[:1])  # the person begins: who they are
        said = {"role": "prescriber", "scopes": ["today", "read", "log", "plan"], "label": "Dr B. Name", "days": 7}
        code = one.home.ask(f"records/{one.home.record}/invitations", said)["code"]
        doctor.home.ask("invitations/accept", {"code": code})
    first, second = (one.home for one in patients)
    assert first is not None
    assert second is not None
    page = sign_in(clinic, watched(new_browser().new_page()), doctor)
    page.route("**/api/v1/records", lambda route: route.fulfill(json=records_of(doctor.home, first.record)))
    clinic.open(page, "#/now")
    page.reload()
    settled(page)
    until(page, lambda: opened(page) == first.record)
    clinic.open(page, "#/build/protocol")
    field(page, "Country of the tablets").select_option("GB")
    page.locator("fieldset", has_text="What you have").get_by_role("checkbox").first.check()
    page.get_by_label("Protocol", exact=True).select_option(index=1)
    field(page, "Daily dose to reach, in mg").fill("15")
    field(page, "First day").fill(datetime.now().astimezone().date().isoformat())
    for name, at in (("Morning", "08:00"), ("Noon", "14:00"), ("Evening", "20:00")):
        field(page, name).fill(at)
    page.get_by_role("link", name="Read it back").click()
    page.get_by_label("I approve it as its prescriber: Dr B. Name").check()
    clinic.older(doctor, 3600)
    press(page, "Approve and follow")
    again = page.get_by_role("dialog", name="Is it you?")
    expect(again).to_be_visible()
    another_is_open(page, second.record)
    before = len(second.entries())
    field(again, "Password").fill(PASSWORD)
    press(again, "It is me")
    until(page, lambda: [one["author"] for one in first.new("plan-approved")] == ["Dr B. Name"])
    assert len(second.entries()) == before
