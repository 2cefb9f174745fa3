"""Levels over the days of one or several arms, as data: the curve of the typical person, how people spread, the doses, and what it means."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gradatim.domain.citation import Citation
from gradatim.domain.dose import OralDose
from gradatim.domain.finding import message
from gradatim.kinetics.expected import Expected, expected
from gradatim.kinetics.own_days import OwnDays
from gradatim.kinetics.published import Standing
from gradatim.kinetics.subject import Subject
from gradatim.report.levels.arm import Arm, Of
from gradatim.words import period, phrase, say, sources_text
from gradatim.words.sentence import grouped, numbers

if TYPE_CHECKING:
    from gradatim.kinetics.cluster import Client

NO_EFFECT = (Citation.parse("KNUT [A]"), Citation.parse("HULME [A]"))
"""Who looked for a link between level and effect, and did not find one that could be used."""
BANDS = (5.0, 50.0, 95.0)
BY_DAY = 21  # with more days than that a curve would be a smear: each day is drawn from its lowest to its highest
_OF_THIRD = "person-"
_SURE = 0.02  # of the highest level: so much is not seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One arm with its levels. ``at_most``: with the doses that are not known as planned, None where all are known."""

    arm: Arm
    levels: Expected
    at_most: Expected | None = None

    @property
    def highest(self) -> float:
        """The highest level of the panel, the widest band in it."""
        tops = [max(one.levels) for one in self.levels.spreads]
        return max([*tops, max(self.levels.levels), max(self.at_most.levels) if self.at_most else 0.0])

    @property
    def area(self) -> float:
        """Area under the level a day, over all whole days."""
        return sum(day.area for day in self.levels.days) / len(self.levels.days)

    @property
    def by_day(self) -> bool:
        """Whether each day is drawn as a whole."""
        return self.arm.days > BY_DAY

    @property
    def sure(self) -> tuple[bool, ...]:
        """Of each time of the curve, whether it would be the same with the doses that are not recorded."""
        if self.at_most is None:
            return (True,) * len(self.levels.hours)
        most = max(self.at_most.levels) or 1.0
        return tuple(b - a <= _SURE * most for a, b in zip(self.levels.levels, self.at_most.levels, strict=True))

    @property
    def sure_days(self) -> tuple[bool, ...]:
        """The same of each day, by its average."""
        if self.at_most is None:
            return (True,) * len(self.levels.days)
        most = max(self.at_most.levels) or 1.0
        both = zip(self.levels.days, self.at_most.days, strict=True)
        return tuple(b.area - a.area <= _SURE * most * a.hours for a, b in both)

    @property
    def shown_days(self) -> float:
        """Days, and the part of one that a curve goes on for after the last whole day."""
        dosing = self.arm.dosing
        return self.arm.days + max(dosing.last - dosing.edges[-1], 0) / 24


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelFigure:
    """``panels``: the arms, the first of which the others are compared with. ``own``: the day's total that is set beside normal kidneys; by
    default the last one of the first arm. ``taking``: the days as on which the people of the bands of plans take their doses."""

    who: Subject
    panels: tuple[Panel, ...]
    percents: tuple[float, ...]
    seed: int
    own: OralDose | None = None
    taking: OwnDays | None = field(default=None, repr=False)  # the marks in a drawing are made of the rest

    @property
    def same_days(self) -> bool:
        """Whether dates can be written below; else days are counted."""
        return len({panel.arm.first for panel in self.panels}) == 1

    @property
    def people(self) -> int:
        """How many made-up people the bands are of."""
        return max(panel.levels.people for panel in self.panels)


def level_figure(
    arms: Sequence[Arm],
    who: Subject,
    *,
    percents: Sequence[float] = BANDS,
    people: int = 1000,
    seed: int = 1,
    threads: int | None = None,
    watch: Callable[[int], None] | None = None,
    taking: OwnDays | None = None,
    on: Client | None = None,
    engine: str = "cpu",
) -> LevelFigure:
    """The figure of some arms. ``watch`` is told how many of 2 · ``people`` for each arm are done. ``taking``: how the people of the bands take
    what is planned; an arm of what was taken stays as it is. ``on``: a Dask client, whose workers do the counting; ``engine``: what
    works the people out."""
    panels, shares = [], tuple(sorted(set(percents)))
    for place, arm in enumerate(arms):
        told = None if watch is None else _after(watch, 2 * people * place)
        own = taking.on(arm.dosing.edges) if taking is not None and arm.of is Of.PLAN else None
        levels = expected(
            who, arm.dosing, percents=shares, people=people, seed=seed, threads=threads, watch=told, taking=own, on=on,
            engine=engine,
        )  # fmt: skip
        more = None if arm.at_most is None else expected(who, arm.at_most)
        panels.append(Panel(arm=arm, levels=levels, at_most=more))
    return LevelFigure(who=who, panels=tuple(panels), percents=shares if who.varies else (), seed=seed, taking=taking)


def _after(watch: Callable[[int], None], before: int) -> Callable[[int], None]:
    return lambda done: watch(before + done)


def model_text(who: Subject) -> str:
    """The model, whom it is for, and its sources with their evidence tags."""
    model = who.published
    standing = say(message(f"levels.standing-{'derived' if model.standing is Standing.DERIVED else 'published'}"))
    said = say(message("levels.model", name=model.name, standing=standing, population=model.population))
    return f"{said} {sources_text(model.source)}."


def missing_text(who: Subject) -> str:
    """What the sources of the model do not give."""
    return say(message("levels.missing", what="; ".join(who.published.missing))) if who.published.missing else ""


def not_measured(made: LevelFigure, *, third: bool = False) -> str:
    """That a model expects it, and nobody measured it. ``third``: said of the person to somebody else, as in what follows."""
    return phrase(f"levels.{_OF_THIRD if third else ''}not-measured{'' if made.people else '-alone'}")


def no_effect(*, third: bool = False) -> str:
    """What a level does not tell, and that no dose changes by it."""
    key = f"levels.{_OF_THIRD if third else ''}no-effect"
    return f"{phrase(key)} {sources_text(NO_EFFECT)}."


def whose(made: LevelFigure) -> tuple[str, ...]:
    """Whose kidneys the levels are worked out with, as far as they are known."""
    return tuple(map(say, dict.fromkeys(made.who.notes)))


def notes(made: LevelFigure) -> tuple[str, ...]:
    """Where the levels begin, and what of the doses is not known."""
    return tuple(map(say, dict.fromkeys(note for panel in made.panels for note in panel.arm.notes)))


def relative(made: LevelFigure, *, third: bool = False) -> str | None:
    """The exposure beside that of somebody with normal kidneys, where the model knows of kidneys."""
    treads = made.panels[0].arm.treads
    return beside_normal(made.who, made.own or (treads[-1].total if treads else OralDose(0)), third=third)


def spread_text(made: LevelFigure) -> tuple[str, ...]:
    """What the band is of, or that none was found."""
    if made.people:
        varied = ", ".join(phrase(f"levels.varies-{name}") for name in made.who.varies)
        return (phrase("levels.people", people=grouped(str(made.people)), varied=varied), *_taking_text(made.taking))
    return () if made.who.varies else (phrase("levels.no-spread"),)


def _taking_text(taking: OwnDays | None) -> tuple[str, ...]:
    if taking is None:
        return ()
    drawn = sum(bool(day) for day in taking.days)
    return (
        phrase(
            "levels.as-taken", days=drawn, block=taking.block, doses=grouped(str(len(taking.doses))), missed=taking.missed, unrecorded=taking.unrecorded
        ),
    )  # fmt: skip


def model_texts(made: LevelFigure) -> tuple[str, ...]:
    """The model, and what was not found for it."""
    missing = missing_text(made.who)
    return (model_text(made.who), *([missing] if missing else []))


def meaning(made: LevelFigure) -> tuple[str, ...]:
    """What the figure means and what it does not, whole sentences, each with what stands behind it."""
    beside = relative(made)
    return (
        not_measured(made), *spread_text(made), *whose(made), *notes(made), no_effect(), *([beside] if beside else []),
        *model_texts(made),
    )  # fmt: skip


def beside_normal(who: Subject, dose: OralDose, *, third: bool = False) -> str | None:
    """ "Your 30 mg are like their 57 mg", with its evidence tag; None where the model has no kidneys or there is no dose."""
    found = who.beside_normal_kidneys()
    if found is None or not dose or "CRCL" not in who.covariates:
        return None
    key = f"levels.{_OF_THIRD if third else ''}beside-normal"
    if abs(found.ratio - 1) < 0.05:
        said = message(f"{key}-same", normal=str(found.normal))
    else:
        said = message(
            key,
            mg=dose,
            like=f"{found.dose_like(dose.micrograms / 1000):.0f} mg",
            normal=str(found.normal),
        )
    return f"{say(said)} {sources_text(found.source)}."


def rows(made: LevelFigure) -> tuple[tuple[str, ...], ...]:
    """The same data as a table, heading first: a row for each stretch of days with the same planned total, by its last whole day."""
    unit = made.who.unit
    heading = (
        phrase("figure.level-of"),
        phrase("figure.days"),
        phrase("figure.mg-a-day"),
        *(phrase(f"figure.{name}", unit=unit) for name in ("highest", "lowest", "average", "area")),
        phrase("figure.beside-first"),
    )
    body, first = [], made.panels[0]
    for panel in made.panels:
        for tread in panel.arm.treads:
            day = panel.levels.days[min((tread.last - panel.arm.first).days, panel.arm.days - 1)]
            body.append((
                panel.arm.name, period(tread.first, tread.last), str(tread.total).removesuffix(" mg"), level(day.highest), level(day.lowest),
                level(day.average), level(day.area), "–",
            ))  # fmt: skip
        days = panel.levels.days
        highest, lowest = max(day.highest for day in days), min(day.lowest for day in days)
        beside = "–" if panel is first else f"{100 * panel.area / first.area:.0f} %" if first.area else "–"
        average = sum(day.area for day in days) / sum(day.hours for day in days)
        mg = f"{sum(day.mg for day in days) / len(days):.4g}"
        body.append(
            (
                panel.arm.name,
                phrase("figure.all-days"),
                mg,
                level(highest),
                level(lowest),
                level(average),
                level(panel.area),
                beside,
            )
        )
    return (heading, *body)


def level(value: float) -> str:
    """Three digits: a model knows no more."""
    return "0" if value < 0.005 else numbers(grouped(f"{float(f'{value:.3g}'):.6g}"))


def told(made: LevelFigure) -> str:
    """What the lines show, in sentences."""
    said = [f"{phrase('levels.title')}."]
    for panel in made.panels:
        days = panel.levels.days
        top = max(days, key=lambda day: day.highest)
        said.append(
            phrase(
                "figure.level-described",
                name=panel.arm.name,
                days=period(panel.arm.first, panel.arm.last),
                unit=made.who.unit,
                highest=level(top.highest),
                day=days.index(top) + 1,
                low=level(days[-1].lowest),
                high=level(days[-1].highest),
            )
        )
    return " ".join(said)


def described(made: LevelFigure) -> str:
    """The figure in sentences, for those who do not see it."""
    return " ".join((told(made), *meaning(made)))
