"""What is said of the insight: what the scores show together with the doses, how it was found, and what it cannot show."""

from __future__ import annotations

INSIGHT = {
    # one result, one sentence
    "insight.before-after": (
        "{scale} was {before} before and {after} after the day's total went from {old} to {new} on {day}: a difference "
        "of {shift} ({low} to {high})."
    ),
    "insight.trend": "{scale} together with time: {slope} a week ({low} to {high}), from {first} to {last}.",
    "insight.trend-flat": "{scale} shows no clear rise or fall from {first} to {last}: {slope} a week ({low} to {high}).",
    "insight.level": "{scale} shows another level from {day}: {before} before, {after} after. The nearest change of dose is {apart} away.",
    "insight.level-alone": "{scale} shows another level from {day}: {before} before, {after} after. No dose changed within a week of it.",
    "insight.no-level": "{scale} shows no other level from {first} to {last}.",
    "insight.weekday": "{scale} by day of the week: {groups}.",
    "insight.time-of-day": "{scale} by time of day: {groups}.",
    "insight.since-dose": "{scale} by hours since the last dose: {groups}.",
    "insight.middle": "{median} ({low} to {high})",
    "insight.kept-back": "{scale}: {why}",
    "insight.kept-back-step": "{scale} ({old} to {new}): {why}",
    "insight.in-monday": "Monday",
    "insight.in-tuesday": "Tuesday",
    "insight.in-wednesday": "Wednesday",
    "insight.in-thursday": "Thursday",
    "insight.in-friday": "Friday",
    "insight.in-saturday": "Saturday",
    "insight.in-sunday": "Sunday",
    "insight.in-night": "night",
    "insight.in-morning": "morning",
    "insight.in-afternoon": "afternoon",
    "insight.in-evening": "evening",
    "insight.group": "{name} {median} ({count})",
    "insight.hours": "{first} to {last} h",
    "insight.stands-out": "This stands out, also with all comparisons taken together.",
    "insight.stands-out-alone": "Taken alone this stands out; with all comparisons taken together it does not.",
    "insight.like-chance": "Chance does as much often enough: it shows nothing by itself.",
    "insight.nof1": (
        "{scale} was {difference} with {one} compared with {other} ({low} to {high}), over {pairs} pairs of blocks. "
        "Chance does as much in {percent} % of all orders."
    ),
    # how it was found: one sentence each
    "insight.method.before-after": (
        "We compare every day of the new dose with every day of the week before it, take the middle of all those "
        "differences, and show how far it may be off when one day resembles the next."
    ),
    "insight.method.trend": (
        "We take the average of each week, the slope between every two weeks, and show the middle slope in points a "
        "week, with how far it may be off."
    ),
    "insight.method.change-points": (
        "We cut the days into stretches wherever a cut explains more than it would in 95 of 100 records like yours that"
        " never moved."
    ),
    "insight.method.weekday": (
        "We compare the weekdays, and count how often they would differ as much if each week were turned round by a "
        "random number of days."
    ),
    "insight.method.time-of-day": "We do the same with the parts of the day: each day is turned round by chance.",
    "insight.method.since-dose": "We sort the check-ins by the hours since the last dose, and show the middle value and the count of each band.",
    "insight.method.many": "We say how many comparisons would stand out by chance alone, and which still do when that is allowed for.",
    "insight.method.nof1": (
        "Chance draws the order of two approved timings, and we count how many of all the orders it could have drawn "
        "would differ as much."
    ),
    # what has to be known to read it
    "insight.note.days-alike": (
        "Neighbouring days are alike ({percent} % of what moves one day moves the next, judged from {days} days); the "
        "margins allow for that."
    ),
    "insight.note.together-with": "The scores changed together with the dose. What else changed in those days is not known.",
    "insight.note.first-days-left-out": "The first days after a change are left out: {days}.",
    "insight.note.band": "The difference that matters to people comes from one published group; it may be another for you.",
    "insight.note.no-band": "How large a difference matters on this scale was not found in any source.",
    "insight.note.no-forecast": "It says what was, not what will be.",
    "insight.note.false-alarms": "In records in which nothing changes, about {percent} % show a level like this.",
    "insight.note.blocks-turned": "{blocks} blocks were turned round {draws} times.",
    "insight.note.hours-and-time-of-day": "Hours since a dose go together with the time of day: one cannot be told from the other here.",
    "insight.note.many": "Comparisons shown: {shown}. By chance alone about {expected} would stand out; {alone} do.",
    "insight.note.orders": "The draw could have given {orders} orders.",
    "insight.note.not-blinded": "You knew which timing it was; that alone can change scores.",
    # too little to say anything
    "insight.too-little.days-before": "Too few days with data before: {have} of {need}.",
    "insight.too-little.days-after": "Too few days with data after: {have} of {need}.",
    "insight.too-little.days": "Too few days with data: {have} of {need}.",
    "insight.too-little.span": "The record is too short: {have} of {need} days.",
    "insight.too-little.weeks": "Too few weeks with data on most days: {have} of {need}.",
    "insight.too-little.values-per-weekday": "Too few days of each weekday: {have} of {need}.",
    "insight.too-little.days-with-two-times": "Too few days with check-ins at two times: {have} of {need}.",
    "insight.too-little.parts-of-day": "Too few parts of the day with data: {have} of {need}.",
    "insight.too-little.hour-bands": "Too few check-ins after a dose: {have} of {need} bands of hours.",
    "insight.too-little.pairs": "Too few pairs of blocks with data: {have} of {need}.",
}
