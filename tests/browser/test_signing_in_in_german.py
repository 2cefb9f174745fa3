"""What is wrong with a form of signing in, said to somebody whose browser is in German: nothing of it in English."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.clinic import Clinic, address
from tests.browser.conftest import NewBrowser
from tests.browser.home import settled
from tests.browser.test_languages import SHOWN, WORDS


def typed(page: Page, **said: str) -> None:
    """Fill fields by what they are for, and send the form."""
    for name, text in said.items():
        page.locator(f"main input[autocomplete={name.replace('_', '-')}]:visible").fill(text)
    page.locator("main form button[type=submit]").click()


def german(page: Page, *wanted: str) -> None:
    """Each of these is said, and nothing that stands on the screen is English."""
    for text in wanted:
        expect(page.get_by_text(text)).to_be_visible()
    shown = page.evaluate(SHOWN)
    assert [text for text in shown if {word.lower() for word in WORDS.findall(text)} - {"not"}] == []


def test_what_is_wrong_is_said_in_german(clinic: Clinic, new_browser: NewBrowser) -> None:
    page = new_browser(locale="de-AT").new_page()
    who = clinic.account("Q. Name")
    clinic.open(page, f"#join={clinic.invitation()}")
    settled(page)
    typed(page, name="Q. Name", username="nichts", new_password="123456789012")
    german(page, "Das ist keine E-Mail-Adresse.", "Nicht nur Ziffern.")
    typed(page, name="Q.\u200bName", username=who.email, new_password="kurz")
    german(page, "Ein Name ist eine Zeile aus Buchstaben.", "Das ist zu kurz: mindestens 12 Zeichen.")
    typed(page, name="Q. Name", username=who.email, new_password="ein langes Geheimnis 7")
    german(page, "Mit dieser Adresse gibt es ein Konto.")
    page.goto("about:blank")
    clinic.open(page, "#/signin")
    for _ in range(5):
        typed(page, username=who.email, current_password="nicht das Passwort 1")
        german(page, "Die Adresse oder das Passwort stimmt nicht.")
        page.locator("main input[autocomplete=current-password]").fill("")
    typed(page, username=who.email, current_password="nicht das Passwort 1")
    german(page, "Warten Sie 5 Minuten, und versuchen Sie es dann.")


def test_a_wrong_code_and_the_mail_are_in_german(open_clinic: Clinic, new_browser: NewBrowser) -> None:
    page = new_browser(locale="de").new_page()
    email = address()
    open_clinic.open(page, "#sign-up")
    typed(page, name="Q. Name", username=email, new_password="ein langes Geheimnis 7")
    page.locator("main input[autocomplete=one-time-code]").wait_for()
    typed(page, one_time_code="AAAA11")
    german(page, "Dieser Code stimmt nicht. Sehen Sie in die neueste E-Mail.")
    assert re.search("E-Mail", open_clinic.mail(email).partition("\n\n")[2])
