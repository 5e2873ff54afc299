"""Labelled reports: the training corpus, the labels of the baseline, and labelled sentences as JSON lines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline import resources
from pipeline.categories import Scheme
from pipeline.categories import default as default_scheme
from pipeline.data import ROLES, Metadata, Report, Role
from pipeline.errors import LabelError
from pipeline.tag.outline import Outline

#: The label of a sentence that nobody labelled: it is a neighbour of others, and nothing is learned or measured on it.
UNLABELLED = -1
_META_KEYS = {"place", "level", "year", "frame", "headings"}
_SENTENCE = re.compile(r"([0-9]+) (\S.*)")
_META = re.compile(r"([a-z]+): (\S.*)")
_HEADING = re.compile(r"(#{2,4}) (\S.*)")


@dataclass(frozen=True, slots=True)
class LabelledSentence:
    """A sentence with the code that a person chose, and where it stands.

    ``headings`` are the headings above it, the top one first; ``section`` and ``paragraph`` are running numbers in the report. ``weight`` says how much the
    sentence counts where a model learns from it.
    """

    text: str
    label: int
    role: Role
    headings: tuple[str, ...]
    section: int
    paragraph: int
    weight: float = 1.0

    @property
    def heading(self) -> str:
        """The nearest heading above; empty where there is none."""
        return self.headings[-1] if self.headings else ""


@dataclass(frozen=True, slots=True)
class LabelledReport:
    """A report whose sentences have labels, all or some; ``level``, ``frame`` and ``style`` say how it is built, where its file does."""

    name: str
    path: str
    metadata: Metadata
    sentences: tuple[LabelledSentence, ...]
    level: str | None = None
    frame: str | None = None
    style: str | None = None

    @property
    def outline(self) -> Outline:
        """Where the sentences stand, as the tagger sees them."""
        s = self.sentences
        return Outline(
            tuple(x.text for x in s), tuple(x.role for x in s), tuple(x.headings for x in s), tuple(x.section for x in s), tuple(x.paragraph for x in s)
        )

    @property
    def labels(self) -> list[int]:
        """The labels in the order of the sentences, :data:`UNLABELLED` among them."""
        return [s.label for s in self.sentences]

    @property
    def weights(self) -> list[float]:
        """The weights in the order of the sentences."""
        return [s.weight for s in self.sentences]


def training_corpus(folder: Path | None = None) -> list[LabelledReport]:
    """The labelled reports that the shipped model is made from: the training corpus and the baseline, ordered by name."""
    reports = training_reports(folder)
    if folder is None:
        reports.append(baseline_report())
    return sorted(reports, key=lambda report: report.name)


def training_reports(folder: Path | None = None) -> list[LabelledReport]:
    """The reports of a folder of the training format, by default the training corpus without the baseline."""
    where = folder or resources.corpus_dir() / "training"
    reports = [read_training(path) for path in sorted(where.glob("*.txt"))]
    if not reports:
        raise LabelError(str(where), "the folder holds no labelled report", "give a folder with .txt files of the training format")
    return reports


def baseline_report() -> LabelledReport:
    """The baseline with its labels."""
    return read_jsonl(resources.corpus_dir() / "baseline-labels.jsonl", resources.baseline_path())


def read_training(path: Path, *, scheme: Scheme | None = None) -> LabelledReport:
    """Read one report of the training format; ``scheme`` holds the categories, by default the seven.

    A ``#`` line is the title, ``key: value`` lines say how the report is built, ``## role heading`` opens a top section, ``###`` and ``####`` lower
    ones; every other line is a code, a space and a sentence; an empty line is a paragraph break.

    Raises
    ------
    LabelError
        With file and line, where a line is none of these.
    """
    reader = _TrainingReader(path, scheme or default_scheme())
    for number, line in enumerate(_lines(path), 1):
        reader.take(number, line)
    return reader.report()


class _TrainingReader:
    def __init__(self, path: Path, scheme: Scheme) -> None:
        self.path = path
        self.scheme = scheme
        self.title = ""
        self.meta: dict[str, str] = {}
        self.sentences: list[LabelledSentence] = []
        self.role: Role | None = None
        self.headings: tuple[str, ...] = ()
        self.section, self.paragraph = -1, -1
        self.broken = True

    def take(self, number: int, line: str) -> None:
        """Take one line of the file."""
        if not line.strip():
            self.broken = True
        elif line.startswith("# "):
            self.title = line[2:].strip()
        elif found := _HEADING.fullmatch(line):
            self._open(number, len(found[1]), found[2].strip())
        elif self.role is None and (found := _META.fullmatch(line)) and found[1] in _META_KEYS:
            self.meta[found[1]] = found[2].strip()
        elif found := _SENTENCE.fullmatch(line):
            self._sentence(number, int(found[1]), found[2].strip())
        else:
            raise LabelError(f"{self.path}:{number}", f"not a heading, a `key: value` or a `code sentence` line: {line[:30]}", "mend the line")

    def _open(self, number: int, depth: int, words: str) -> None:
        if depth == 2:
            role, _, heading = words.partition(" ")
            self.role = _role(role, f"{self.path}:{number}")
            self.headings = (heading.strip(),) if heading else ()
        else:
            self.headings = (*self.headings[: depth - 2], words)
        self.section += 1
        self.broken = True

    def _sentence(self, number: int, code: int, text: str) -> None:
        if self.role is None:
            raise LabelError(f"{self.path}:{number}", "a sentence before the first `## role` line", "put the section's role above it")
        self.paragraph += self.broken
        self.broken = False
        self.sentences.append(LabelledSentence(text, _code(code, f"{self.path}:{number}", self.scheme), self.role, self.headings, self.section, self.paragraph))

    def report(self) -> LabelledReport:
        """The report that the lines make."""
        if not self.sentences:
            raise LabelError(str(self.path), "the file holds no labelled sentence", "check that it is of the training format")
        year = self.meta.get("year", "")
        metadata = Metadata(title=self.title or None, district=self.meta.get("place"), year=int(year) if year.isdigit() else None)
        return LabelledReport(
            self.path.stem, str(self.path), metadata, tuple(self.sentences), self.meta.get("level"), self.meta.get("frame"), self.meta.get("headings")
        )


def read_jsonl(path: Path, text: Path | None = None, *, scheme: Scheme | None = None) -> LabelledReport:
    """Read labelled sentences from JSON lines ``{"text", "label", "role", "heading"}``, and their places from the report's raw text.

    ``text`` is the raw report; by default the ``.txt`` file of the same name, if there is one. Without it every sentence is a
    paragraph of its own. ``scheme`` holds the categories, by default the seven.

    Raises
    ------
    LabelError
        With file and line.
    """
    from pipeline import read, structure

    rows = list(_rows(path, scheme or default_scheme()))
    raw = text or path.with_suffix(".txt")
    if raw.is_file():
        report = structure.parse(read.read(raw, name=path.stem if text is None else raw.stem))
        return LabelledReport(report.name, str(path), report.metadata, tuple(_placed(rows, report)))
    return LabelledReport(path.stem, str(path), Metadata(), tuple(_unplaced([row for _, row in rows])))


def _unplaced(rows: list[dict[str, Any]]) -> Iterator[LabelledSentence]:
    """Labelled sentences without their report: those below one heading make a section; without any heading each stands by itself."""
    headed = any(row["heading"] for row in rows)
    section, before = -1, None
    for i, row in enumerate(rows):
        section += not headed or (row["role"], row["heading"]) != before
        before = (row["role"], row["heading"])
        yield LabelledSentence(row["text"], row["label"], row["role"], _below(row["heading"]), section, i)


def _below(heading: str) -> tuple[str, ...]:
    """The path of a heading that stands below a top heading that is not known."""
    return ("", heading) if heading else ()


def _placed(rows: list[tuple[int, dict[str, Any]]], report: Report) -> Iterator[LabelledSentence]:
    """The labelled sentences with the places that their texts have in the parsed report, in order."""
    outline = Outline.of(report)
    at = section = paragraph = 0
    for _, row in rows:
        found = next((i for i in range(at, len(outline.texts)) if outline.texts[i] == row["text"]), None)
        above = _below(row["heading"])
        if found is not None:
            at, section, paragraph = found + 1, outline.sections[found], outline.paragraphs[found]
            path = outline.headings[found]
            above = path if not path or path[-1] == row["heading"] else above
        yield LabelledSentence(row["text"], row["label"], row["role"], above, section, paragraph)


def _rows(path: Path, scheme: Scheme) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(_lines(path), 1):
        if line.strip():
            yield number, _row(line, f"{path}:{number}", scheme)


def _row(line: str, where: str, scheme: Scheme) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError as exc:
        raise LabelError(where, "the line is not JSON", "write one JSON object a line") from exc
    text, label = (row.get("text"), row.get("label")) if isinstance(row, dict) else (None, None)
    if not isinstance(text, str) or not text.strip() or not isinstance(label, int) or isinstance(label, bool):
        raise LabelError(where, "the line has no text or no label", 'write {"text": …, "label": 0 to 7, "role": …, "heading": …}')
    heading = row.get("heading") or ""
    if not isinstance(heading, str):
        raise LabelError(where, "the heading is no text", 'write "heading": "…", or leave it out')
    return {"text": text, "label": _code(label, where, scheme), "role": _role(row.get("role") or "measures", where), "heading": heading}


def _role(word: str, where: str) -> Role:
    for role in ROLES:
        if role == word:
            return role
    raise LabelError(where, f"there is no role {word!r}", f"use one of {', '.join(ROLES)}")


def _code(code: int, where: str, scheme: Scheme) -> int:
    if code and code not in scheme.codes:
        raise LabelError(where, f"there is no category {code}", f"use 0 or one of {', '.join(map(str, scheme.codes))}")
    return code


def _lines(path: Path) -> Iterable[str]:
    try:
        return path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as exc:
        raise LabelError(str(path), f"the file cannot be read ({exc.strerror})", "check the path") from exc
    except UnicodeDecodeError as exc:
        raise LabelError(str(path), "the file is not UTF-8", "save it as UTF-8") from exc


def read_labelled(paths: Iterable[Path], *, scheme: Scheme | None = None) -> list[LabelledReport]:
    """Read labelled reports of both formats: ``.jsonl`` files, ``.txt`` files of the training format, and folders of either.

    In a folder with ``.jsonl`` files only these are labelled; the ``.txt`` files beside them are raw reports.
    """
    found: list[LabelledReport] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(path.glob("*.jsonl")) or sorted(path.glob("*.txt"))
            if not inside:
                raise LabelError(str(path), "the folder holds no labelled report", "give .jsonl files, or .txt files of the training format")
            found += read_labelled(inside, scheme=scheme)
        else:
            found.append(read_jsonl(path, scheme=scheme) if path.suffix == ".jsonl" else read_training(path, scheme=scheme))
    return found


__all__ = [
    "UNLABELLED",
    "LabelledReport",
    "LabelledSentence",
    "baseline_report",
    "read_jsonl",
    "read_labelled",
    "read_training",
    "training_corpus",
    "training_reports",
]
