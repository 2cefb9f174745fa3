"""With accounts, on two phones: somebody signs up and invites their prescriber, who makes a plan, signs for it, and the other phone has it."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from playwright.sync_api import Page, expect

from tests.browser.clinic import PASSWORD, Clinic, address, field, press, session, sign_up
from tests.browser.conftest import NewBrowser
from tests.browser.home import quiet, settled, watched


def joined(clinic: Clinic, page: Page, code: str, name: str) -> str:
    """Open an invitation and make an account with it: its address."""
    clinic.open(watched(page), f"#join={code}")
    email = address()
    sign_up(page, email, name)
    expect(page.locator("main h1")).not_to_have_text(re.compile("Make an account|Sign in"))
    settled(page)
    assert session(page)["device"] is not None
    return email


@pytest.mark.parametrize("gone", ["the proof", "the session"])
def test_from_sign_up_to_approval(new_browser: NewBrowser, clinic: Clinic, gone: str) -> None:
    # the person
    patient = new_browser().new_page()
    joined(clinic, patient, clinic.invitation(), "A. Name")
    press(patient, "Invite my prescriber")
    patient.get_by_text("Invite somebody", exact=True).click()
    patient.get_by_label("Prescriber", exact=True).check()
    field(patient, "For whom, so that you know it again").fill("Dr B. Name")
    press(patient, "Make an invitation")
    code = field(patient, "Code").input_value()

    # the prescriber
    doctor = new_browser().new_page()
    email = joined(clinic, doctor, code, "Dr B. Name")
    clinic.open(doctor, "#/build/protocol")
    field(doctor, "Country of the tablets").select_option("GB")
    doctor.locator("fieldset", has_text="What you have").get_by_role("checkbox").first.check()
    doctor.get_by_label("Protocol", exact=True).select_option(index=1)
    field(doctor, "Daily dose to reach, in mg").fill("15")
    field(doctor, "First day").fill(datetime.now().astimezone().date().isoformat())
    for name, at in (("Morning", "08:00"), ("Noon", "14:00"), ("Evening", "20:00")):
        field(doctor, name).fill(at)
    doctor.get_by_role("link", name="Read it back").click()
    quiet(doctor)
    doctor.get_by_label("I approve it as its prescriber: Dr B. Name").check()
    if gone == "the proof":
        clinic.server.tell(do="older", email=email, seconds=3600)
    else:
        clinic.server.tell(do="older", email=email, seconds=None)
    press(doctor, "Approve and follow")
    again = doctor.get_by_role("dialog", name="Is it you?")
    expect(again).to_be_visible()
    field(again, "Password").fill(PASSWORD)
    press(again, "It is me" if gone == "the proof" else "Sign in")
    expect(doctor.get_by_role("heading", name="The plan is followed")).to_be_visible()

    # the person's phone has it
    clinic.open(patient, "#/plan")
    patient.reload()
    settled(patient)
    expect(patient.get_by_text(re.compile("Dr B. Name")).first).to_be_visible()
    record = patient.evaluate("fetch('/api/v1/records').then((answer) => answer.json())")[0]["id"]
    told = patient.evaluate(f"fetch('/api/v1/records/{record}/plan').then((answer) => answer.json())")
    assert [(one["by"], one["brought_as"], one["verified"]) for one in told["approvals"]] == [
        ("Dr B. Name", "prescriber", True)
    ]
