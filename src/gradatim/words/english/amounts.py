"""Days, numbers, tablets and millilitres: what every other sentence is filled with."""

from __future__ import annotations

from collections.abc import Mapping

AMOUNTS: dict[str, str | Mapping[str, str]] = {
    # days and hours
    **{f"weekday.{place}": name for place, name in enumerate(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))},
    **{
        f"month.{place}": name
        for place, name in enumerate(
            ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), start=1
        )
    },
    "date.with-year": "{weekday} {day} {month} {year}",
    "date.day": "{weekday} {day} {month}",
    "date.short": "{day} {month}",
    "date.from": "from {day}",
    "part-of-day.morning": "morning ({clock})",
    "part-of-day.midday": "midday ({clock})",
    "part-of-day.afternoon": "afternoon ({clock})",
    "part-of-day.evening": "evening ({clock})",
    "part-of-day.bedtime": "bedtime ({clock})",
    "age.months": {"one": "{n} month", "other": "{n} months"},
    "age.years": {"one": "{n} year", "other": "{n} years"},
    "span.days": {"one": "{number} day", "other": "{number} days"},
    "span.hours": {"one": "{number} hour", "other": "{number} hours"},
    # what to take. n counts whole ones; what is below one, or between one and two, has its own sentence, for languages differ there
    "amount.tablets": {"one": "{count} tablet of {strength}", "other": "{count} tablets of {strength}"},
    "amount.tablets-below-one": "{count} tablet of {strength}",
    "amount.tablets-one-and": "{count} tablets of {strength}",
    "amount.tablets-bare": {"one": "{count} tablet", "other": "{count} tablets"},
    "amount.tablets-bare-below-one": "{count} tablet",
    "amount.tablets-bare-one-and": "{count} tablets",
    "amount.packets": {"one": "{count} packet of {strength}", "other": "{count} packets of {strength}"},
    "amount.packets-below-one": "{count} packet of {strength}",
    "amount.packets-one-and": "{count} packets of {strength}",
    "amount.liquid": "{volume} of {concentration}",
    "amount.not-counted": "not counted",
    "amount.no-tablets": "no tablets of {strength}",
    "amount.no-packets": "no packets of {strength}",
    # the same as it is spoken
    **{
        f"number.{place}": word
        for place, word in enumerate(
            ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
        )
    },
    "spoken.dose": "At {clock} take {dose}: {units}.",
    "spoken.liquid": "{volume} of the liquid with {concentration}",
    "spoken.tablets": {"one": "{number} tablet of {strength}", "other": "{number} tablets of {strength}"},
    "spoken.tablets-half": {
        "one": "{number} and a half tablets of {strength}",
        "other": "{number} and a half tablets of {strength}",
    },
    "spoken.tablets-quarter": {
        "one": "{number} and a quarter tablets of {strength}",
        "other": "{number} and a quarter tablets of {strength}",
    },
    "spoken.tablets-three-quarters": {
        "one": "{number} and three quarters tablets of {strength}",
        "other": "{number} and three quarters tablets of {strength}",
    },
    "spoken.tablets-only-half": "half a tablet of {strength}",
    "spoken.tablets-only-quarter": "a quarter of a tablet of {strength}",
    "spoken.tablets-only-three-quarters": "three quarters of a tablet of {strength}",
    "spoken.packets": {"one": "{number} packet of {strength}", "other": "{number} packets of {strength}"},
    # a dose of the record, and what was measured
    "entry.dose-at": "{at} on {day}",
    "measure.weight": "weight {value}",
    "measure.creatinine": "creatinine {value}",
    "measure.egfr": "eGFR {value}",
    "measure.pressure": "blood pressure {high}/{low} mmHg",
    # how common something is, and what a source is
    "often.none": "no number given",
    "often.up-to": "up to {high} in 100 people",
    "often.at-least": "at least {low} in 100 people",
    "often.about": "about {count} in 100 people",
    "often.about-exactly": "about {count} in 100 people ({percent} %)",
    "often.from-to": "{low} to {high} in 100 people",
    "often.ours": "our wording",
    "often.us-label": "US label",
    "often.us-label-copy": "US label, read in a copy",
    "often.swiss-text": "Swiss text",
    "often.italian-text-copy": "Italian text, read in a copy",
    "often.canadian-text-copy": "Canadian text, read in a copy",
    "often.uk-text": "UK text",
    "often.review": "review of trials",
    "often.reports": "reports of side effects",
    "often.older-people": "study of older people",
    # how much of a source was seen, and how a claim stands against the sources
    "evidence.T": "official text seen",
    "evidence.A": "abstract seen",
    "evidence.M": "copy of an official text seen",
    "evidence.2": "secondary source",
    "evidence.D": "derived here, not published",
    "grade.S": "Supported by formal sources",
    "grade.P": "Partly supported",
    "grade.C": "Contradicted by formal sources",
    "grade.N": "No formal source was found",
    "sources.derived": "derived {tag}",
    "list.or": "{first} or {last}",
    "list.and": "{first} and {last}",
}
