"""The page for the clinician as one HTML file: the full list, with every figure as a table. No script, nothing fetched from anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from html import escape

from gradatim.languages import spoken
from gradatim.report.clinician import ReportInput
from gradatim.report.clinician_lists import Item, said
from gradatim.report.clinician_page import clinician_page
from gradatim.report.levels.compared import compared_known
from gradatim.report.levels.drawing import to_svg
from gradatim.report.levels.figure import (
    LevelFigure,
    model_texts,
    no_effect,
    not_measured,
    notes,
    relative,
    rows,
    spread_text,
    whose,
)
from gradatim.report.levels.of_record import NoLevel
from gradatim.report.lines import TakenLine, symptom_rows, symptom_svg, taken_rows, taken_svg
from gradatim.report.typesetting import printable
from gradatim.words import period, phrase
from gradatim.words.sentence import capital

_WIDE, _HALF = 500.0, 240.0  # drawn small and shown larger, so that the words of the figures are of a size to read
_LEVELS_WIDE, _LEVELS_NARROW = 620, 340
_NARROW_DAYS = 7  # of what was taken, in one figure on a telephone
_SIGNS = {"urgent": "▲", "stop": "■", "caution": "△", "info": "○", "": "•"}

_STYLE = """
:root{color-scheme:light dark;--paper:#FBF7F0;--card:#FFFFFF;--ink:#1E2A32;--soft:#55626B;--line:#D9D2C5;--step:#0F6B66;--step-on:#D5EBE6;
--danger:#B3201F}
@media (prefers-color-scheme:dark){:root{--paper:#12181C;--card:#1B2429;--ink:#F1ECE3;--soft:#B4BDC3;--line:#38444B;--step:#6FD3C7;
--step-on:#16393A;--danger:#FF8A80}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);line-height:1.5;
font:1rem/1.5 'Atkinson Hyperlegible Next','Atkinson Hyperlegible',system-ui,sans-serif}
main,footer{max-width:48rem;margin:0 auto;padding:1.5rem 1rem}
h1{font-size:1.75rem;line-height:1.2;margin:0 0 .25rem}
h2{font-size:1.375rem;line-height:1.25;margin:2rem 0 .5rem}
h3{font-size:1.125rem;margin:1.25rem 0 .25rem}
.self{font-weight:700;border-block:2px solid var(--ink);padding:.25rem 0}
.lead{background:var(--card);border:2px solid var(--step);border-radius:12px;padding:1rem;margin:1rem 0}
.lead h2{margin-top:0}
.amount{font-size:3rem;line-height:1.1;font-weight:700;margin:0}
.counts{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;padding:0;margin:.75rem 0;list-style:none}
li{margin:.375rem 0}
.counts b{font-size:1.375rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem;margin:1rem 0}
dt{color:var(--soft)}
dd{margin:0;overflow-wrap:anywhere}
p,li,h1{overflow-wrap:anywhere}td,th{overflow-wrap:break-word}
table{border-collapse:collapse;width:100%;margin:.5rem 0 1rem;font-variant-numeric:tabular-nums}
caption{text-align:start;font-weight:700;padding:.25rem 0}
th,td{text-align:start;vertical-align:top;padding:.25rem .5rem;border-bottom:1px solid var(--line)}
thead th{background:var(--step-on)}
figure{margin:1rem 0}
figcaption{font-weight:700}
svg{width:100%;height:auto;display:block;overflow:visible}
.narrow{display:none}
.alarm{border:3px solid var(--danger);border-radius:12px;padding:1rem;margin:1rem 0}
.alarm h2{color:var(--danger);margin-top:0}
.decide{font-weight:700;font-size:1.125rem;margin-bottom:0}
.clock{margin:.75rem 0}
.clock dd{font-weight:700}
.clock dd span{font-weight:400}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(18rem,100%),1fr));gap:0 1rem}
.soft,footer{color:var(--soft)}
.urgent,.stop{color:var(--danger)}
details>summary{min-height:2.75rem;display:flex;align-items:center;cursor:pointer;font-weight:700}
@media (max-width:40rem){
.broad{display:none}.narrow{display:block}
dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.5rem}
table,tbody,tr,th,td,caption{display:block}
thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
tbody tr{border-bottom:2px solid var(--line);padding:.5rem 0}
tbody th,tbody td{border:0;padding:.125rem 0}
tbody td::before{content:attr(data-name) ": ";color:var(--soft)}
}
@media print{body{background:#fff;color:#111;font-size:10pt}main{max-width:none;padding:0}details{break-inside:avoid}tr,figure{break-inside:avoid}}
"""


def to_html(made: ReportInput, levels: LevelFigure | NoLevel | None = None) -> str:
    """One self-contained page; the same input gives the same text. ``levels`` of the same record: what a model expects in the blood, where it can."""
    page = clinician_page(made)
    strip, since = made.recent_line, made.since_line
    every_line = (*made.lines, *made.left_out)
    parts = [
        f"<h1>{_text(page.heading)}</h1>",
        f"<p><strong><bdi>{_text(made.who)}</bdi>{_text(page.who[len(made.who) :])}</strong><br>{_text(page.as_of)}</p>",
        f'<p class="self">{_text(page.self_reported)}</p>',
        _alarm(page.urgent),
        f'<p class="decide">{_text(page.decide)}</p>' if page.decide else "",
        f"<h2>{_text(said('questions'))}</h2>", _list((Item(text=text) for text in page.questions), said("no-questions")),
        '<section class="lead">', f"<h2>{_text(page.lead)}</h2>", f'<p class="amount">{_text(page.amount)}</p>', f"<p>{_text(page.amount_said)}</p>",
        _clock(page.clock),
        '<ul class="counts">' + "".join(f"<li><b>{_text(count)}</b> {_text(word)}</li>" for count, word in page.counts) + "</ul>",
        "".join(f"<p>{_text(note)}</p>" for note in page.notes),
        *(_strip(strip) if len(strip.days) > 1 else ()),
        "</section>",
        "<dl>", *(f"<dt>{_text(name)}</dt><dd>{_text(value)}</dd>" for name, value in page.facts),
        f"<dt>{_text(said('today'))}</dt><dd>{'<br>'.join(map(_text, _today(made, page.doses)))}</dd>", "</dl>",
        f"<h2>{_text(page.happened_heading)}</h2>", _list(page.happened, said("no-happened")),
        f"<h2>{_text(said('findings'))}</h2>", _list(page.findings, page.no_findings),
        f"<h2>{_text(said('supply'))}</h2>", _list(page.supply, said("no-supply")),
        f"<h2>{_text(page.felt)}</h2>",
        *(_both(since, 130, 165) if since.days else ()),
        f'<div class="charts">{"".join(_figure(symptom_svg(line, _HALF, 110, headed=False), line.title) for line in every_line)}</div>',
        f'<p class="soft">{_text(said("steps-mark") if every_line else said("no-scores"))}</p>',
        f"<h2>{_text(said('table'))}</h2>",
        _table(page.table_said, page.table) if page.table else f"<p>{_text(page.table_said)}</p>",
        f'<p class="soft">{_text(page.no_data)}</p>' if page.no_data else "",
    ]  # fmt: skip
    if isinstance(levels, LevelFigure):
        parts += _levels(levels)
    tables = [_table(said("taken-figure"), taken_rows(since))] if since.days else []
    tables += [_table(line.title, symptom_rows(line)) for line in every_line]
    tables += [_table(phrase("levels.title"), rows(levels))] if isinstance(levels, LevelFigure) else []
    if tables:
        parts += [f"<h2>{_text(said('figures'))}</h2>", *map(_folded, tables)]
    foot = (
        f"<p><strong>{_text(said('sources'))}:</strong> {_text(page.sources)}</p><p>{_text(phrase('intended-use'))}</p>"
    )
    body = "\n".join(part for part in parts if part)
    return (
        f'<!doctype html>\n<html lang="{spoken()}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_text(page.title)}</title>\n<style>{_STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n<footer>{foot}</footer>\n</body>\n</html>\n"
    )


def _levels(made: LevelFigure) -> Iterator[str]:
    """What a model expects in the blood: what it means first, then the figure for a wide and for a narrow screen."""
    title, arm = phrase("levels.title"), made.panels[-1].arm
    caption = phrase("levels.figure", name=capital(arm.name), days=period(arm.first, arm.last), unit=made.who.unit)
    beside = relative(made, third=True)
    yield f"<h2>{_text(title)}</h2>"
    yield f"<p><strong>{_text(not_measured(made, third=True))}</strong> {_text(no_effect(third=True))}</p>"
    yield "".join(f"<p>{_text(one)}</p>" for one in (*whose(made), *([beside] if beside else []), *notes(made)))
    for width, kind in ((_LEVELS_WIDE, "broad"), (_LEVELS_NARROW, "narrow")):
        yield _figure(to_svg(made, width, title=caption, bare=True), caption, kind)
    said_of_it = (*map(capital, compared_known(made)), *spread_text(made), *model_texts(made))
    yield "".join(f'<p class="soft">{_text(one)}</p>' for one in said_of_it)


def _text(said_: str) -> str:
    return escape(printable(said_))


def _today(made: ReportInput, doses: tuple[str, ...]) -> tuple[str, ...]:
    return (said("today-total", amount=made.day.planned), *doses) if doses else (said("no-dose"),)


def _figure(svg: str, caption: str, kind: str = "") -> str:
    kind = f' class="{kind}"' if kind else ""
    return f"<figure{kind}><figcaption>{_text(caption)}</figcaption>{svg}</figure>"


def _strip(made: TakenLine) -> Iterator[str]:
    """The last days: whole where there is room, else week by week, the newest first."""
    title = said("strip-figure")
    yield _figure(taken_svg(made, _WIDE, 112, title=title), title, "broad")
    last = made.last
    while last >= made.first:
        first = max(made.first, last - timedelta(days=_NARROW_DAYS - 1))
        days = tuple(one for one in made.days if first <= one.day <= last)
        if days:
            part = TakenLine(first=first, last=last, days=days)
            caption = said("strip-part", period=period(first, last))
            yield _figure(taken_svg(part, _HALF, 126, title=caption), caption, "narrow")
        last = first - timedelta(days=1)


def _both(made: TakenLine, broad: float, narrow: float) -> tuple[str, str]:
    """The same figure for a wide and for a narrow screen."""
    title = said("taken-figure")
    return (
        _figure(taken_svg(made, _WIDE, broad, title=title, headed=False), title, "broad"),
        _figure(taken_svg(made, _HALF, narrow, title=title, headed=False), title, "narrow"),
    )


def _alarm(items: tuple[Item, ...]) -> str:
    if not items:
        return ""
    heading = f'<h2><span aria-hidden="true">{_SIGNS["urgent"]}</span> {_text(said("urgent"))}</h2>'
    return f'<section class="alarm">{heading}{_list((replace(one, word="") for one in items), "")}</section>'


def _clock(lines: tuple[tuple[str, str, str], ...]) -> str:
    made = "".join(
        f"<dt>{_text(name)}</dt><dd>{_text(amount)} <span>({_text(notes)})</span></dd>" for name, amount, notes in lines
    )
    return f'<dl class="clock">{made}</dl>' if made else ""


def _list(items: Iterable[Item], empty: str) -> str:
    made = [
        f'<li><span class="{item.sign}" aria-hidden="true">{_SIGNS[item.sign]}</span> '
        + (f"<strong>{_text(item.word)}:</strong> " if item.word else "")
        + _text(item.text)
        + (f' <span class="soft">({_text(item.source)})</span>' if item.source else "")
        + "</li>"
        for item in items
    ]
    return f'<ul style="list-style:none;padding:0">{"".join(made)}</ul>' if made else f"<p>{_text(empty)}</p>"


def _table(caption: str, rows: Iterable[Iterable[str | tuple[str, ...]]]) -> str:
    """A table; a cell is a text or the lines of one."""
    heading, *body = [[_cell(cell) for cell in row] for row in rows]
    head = "".join(f'<th scope="col">{cell}</th>' for cell in heading)
    lines = "".join(
        f'<tr><th scope="row">{row[0]}</th>'
        + "".join(f'<td data-name="{name}">{cell}</td>' for name, cell in zip(heading[1:], row[1:], strict=True))
        + "</tr>"
        for row in body
    )
    return f"<table><caption>{_text(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>"


def _cell(cell: str | tuple[str, ...]) -> str:
    return _text(cell) if isinstance(cell, str) else "<br>".join(map(_text, cell))


def _folded(table: str) -> str:
    caption = table.split("<caption>", 1)[1].split("</caption>", 1)[0]
    return f"<details><summary>{caption}</summary>{table}</details>"
