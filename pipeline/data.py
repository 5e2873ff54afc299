"""The data that flows through the pipeline: frozen values, offsets instead of copies.

A report owns its text. Sections, paragraphs and sentences are spans of it, and
``report.text[s.start:s.end] == s.text`` holds for every sentence ``s``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args

Role = Literal["intro", "measures", "duty", "shortcomings", "plan", "closing"]

ROLES: tuple[Role, ...] = get_args(Role)


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a report says of itself; a field that it does not say is ``None``.

    ``district`` is the issuing place or body as it stands in the title (``北京市大兴区``, ``清源市司法局``), ``year`` the
    year reported on, ``published`` an ISO date, ``source`` the body named on the source line.
    """

    title: str | None = None
    district: str | None = None
    year: int | None = None
    published: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class RawText:
    """The text of a file before its structure is known.

    ``hints`` holds what the file format itself says (an HTML title, say); the structure step weighs it against the text.
    """

    name: str
    path: str
    sha256: str
    text: str
    hints: Metadata = field(default_factory=Metadata)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with everything up to the next heading, or the text before the first one.

    ``level`` counts from 1; it is 0 for the text before the first heading. ``heading`` is the heading as it stands with its number,
    without a final full stop; ``number`` is its number alone (``"(一)"``). ``start`` and ``end`` enclose heading and text.
    """

    level: int
    number: str
    heading: str
    role: Role
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: ``text`` is ``report.text[start:end]``.

    ``section`` and ``paragraph`` are indexes from 0 into the report's sections and paragraphs.
    """

    text: str
    start: int
    end: int
    section: int
    paragraph: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A run of sentences that stands as one block; offsets into the report's text."""

    start: int
    end: int
    section: int


@dataclass(frozen=True, slots=True)
class Report:
    """One annual report: its text, where it came from, what it says of itself and its structure."""

    name: str
    path: str
    sha256: str
    text: str
    metadata: Metadata
    sections: tuple[Section, ...]
    paragraphs: tuple[Paragraph, ...]
    sentences: tuple[Sentence, ...]

    def heading(self, sentence: Sentence) -> str:
        """The nearest heading above the sentence, with its number; empty where there is none."""
        return self.sections[sentence.section].heading

    def headings(self, sentence: Sentence) -> list[str]:
        """The headings above the sentence, the highest first."""
        found: list[str] = []
        level = None
        for one in reversed(self.sections[: sentence.section + 1]):
            if one.heading and (level is None or one.level < level):
                found.insert(0, one.heading)
                level = one.level
        return found

    def role(self, sentence: Sentence) -> Role:
        """The role of the top section that the sentence stands in."""
        return self.sections[sentence.section].role


@dataclass(frozen=True, slots=True)
class Tag:
    """The model's choice for one sentence.

    ``code`` is 1 to 7, or 0 for no measure; ``category`` its slug, or ``None`` for code 0. ``probability`` and
    ``second_probability`` lie in [0, 1]. ``model`` is the version of the model that chose.
    """

    category: str | None
    code: int
    probability: float
    second: str | None
    second_code: int
    second_probability: float
    model: str


@dataclass(frozen=True, slots=True)
class TaggedReport:
    """A report with one tag a sentence, in the order of its sentences."""

    report: Report
    tags: tuple[Tag, ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be read: a value of the batch, never its end."""

    path: str
    reason: str
