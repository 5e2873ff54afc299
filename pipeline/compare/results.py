"""What a comparison finds: frozen values that every face shows.

Sentences are named by the report's name and their number in it, counted from 1, as everywhere in output; ``report.sentences[number - 1]`` is the sentence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pipeline.data import Role, TaggedReport

#: Whether another report has a measure: the same one, another one on the same subject, or nothing of it.
Judgement = Literal["same", "related", "absent"]


@dataclass(frozen=True, slots=True)
class Near:
    """A sentence of the other report, and how like it is: ``similarity`` is the probability, from 0 to 1, that both state the same measure."""

    sentence: int
    text: str
    similarity: float


@dataclass(frozen=True, slots=True)
class Measure:
    """A sentence that states a measure; ``code`` is 1 to 7."""

    report: str
    sentence: int
    text: str
    category: str
    code: int
    role: Role
    heading: str


@dataclass(frozen=True, slots=True)
class Match:
    """A measure of one report, and what another report has of it: the nearest sentences, the likest first."""

    measure: Measure
    judgement: Judgement
    nearest: tuple[Near, ...]


@dataclass(frozen=True, slots=True)
class Mirror:
    """Two reports read against each other.

    ``of_baseline`` has one match for every measure of the baseline, its nearest sentences in the report; ``of_report`` one for every measure of the report,
    its nearest sentences in the baseline; both in the order of the text.
    """

    baseline: str
    report: str
    of_baseline: tuple[Match, ...]
    of_report: tuple[Match, ...]

    @property
    def missing(self) -> tuple[Match, ...]:
        """基准有而本区无: measures of the baseline of which the report has nothing."""
        return tuple(match for match in self.of_baseline if match.judgement == "absent")

    @property
    def new(self) -> tuple[Match, ...]:
        """本区新提法: measures of the report that the baseline does not have; where it has its subject the judgement is ``related``, else ``absent``."""
        return tuple(match for match in self.of_report if match.judgement != "same")


@dataclass(frozen=True, slots=True)
class Share:
    """A category's share among the sentences of a report that state a measure.

    ``sentences`` is how many were tagged so and ``observed`` their plain share; ``share`` is corrected for the classifier's known errors and lies between
    ``low`` and ``high``, the ends of its 95% interval. All shares lie in [0, 1].
    """

    category: str
    code: int
    sentences: int
    observed: float
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Profile:
    """One report's row of the matrix of districts and categories; ``measures`` is the number of sentences with a category."""

    report: str
    district: str | None
    year: int | None
    measures: int
    shares: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sentence stands."""

    report: str
    district: str | None
    year: int | None
    sentence: int
    text: str


@dataclass(frozen=True, slots=True)
class Spread:
    """A measure and the places that have it, its own among them; ``districts`` counts different districts, ``in_baseline`` says whether the baseline has it."""

    measure: Measure
    places: tuple[Place, ...]
    districts: int
    in_baseline: bool


@dataclass(frozen=True, slots=True)
class Repeat:
    """Boilerplate: a sentence that stands word for word (``exact``) or nearly so in another report, its ``source``.

    ``overlap``, from 0 to 1, is the share of runs of four characters that both have. ``last_year`` says that the source is the same district's report of
    the year before.
    """

    place: Place
    source: Place
    overlap: float
    exact: bool
    last_year: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """Reports beside a baseline: profiles (the baseline's first), a mirror a report, measures by how many districts have them, and boilerplate."""

    baseline: TaggedReport
    reports: tuple[TaggedReport, ...]
    profiles: tuple[Profile, ...]
    mirrors: tuple[Mirror, ...]
    spread: tuple[Spread, ...]
    repeats: tuple[Repeat, ...]
