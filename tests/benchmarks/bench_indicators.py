"""How well figures are found, measured on the annotated reports; and how fast.

``python tests/benchmarks/bench_indicators.py`` measures every report of ``tests/indicators/gold`` that is at hand: the baseline, and the measuring sets beside the
project. ``--speed N`` times N sentences of the training corpus; ``--wrong NAME`` lists what is wrong in a report.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from pipeline import resources  # noqa: E402
from pipeline.batch import read_report  # noqa: E402
from pipeline.data import Report  # noqa: E402
from pipeline.indicators import Figure, figures, figures_in  # noqa: E402

GOLD = ROOT / "tests" / "indicators" / "gold"


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of one report: figures of the gold, found, and right in place, value, unit, kind and direction; of these the right bound, level and span."""

    name: str
    gold: int
    found: int
    right: int
    bound: int
    of: int
    span: int
    end: int

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.gold if self.gold else 1.0

    @property
    def spans(self) -> float:
        return self.span / self.gold if self.gold else 1.0

    def line(self) -> str:
        return (
            f"{self.name:<14}{self.gold:>6}{self.found:>7}{self.precision:>11.4f}{self.recall:>9.4f}{self.spans:>9.4f}"
            f"{self.end / max(self.gold, 1):>9.4f}{self.bound / max(self.right, 1):>9.4f}{self.of / max(self.right, 1):>9.4f}"
        )


def reports() -> Iterator[tuple[str, Report]]:
    """The annotated reports at hand."""
    for gold in sorted(GOLD.glob("*.jsonl")):
        places = (resources.corpus_dir() / f"{gold.stem}.txt", ROOT.parent / "shared" / "eval" / f"{gold.stem}.txt")
        for path in places:
            if path.is_file():
                yield gold.stem, read_report(path)
                break


def key(sentence: int, start: int, end: int, value: float, unit: str, kind: str, direction: str | None) -> tuple[object, ...]:
    return sentence, start, end, round(value, 3), unit, kind, direction


def pairs(name: str, report: Report) -> tuple[dict[tuple[object, ...], dict[str, object]], dict[tuple[object, ...], Figure]]:
    """Gold and found figures by what must be exact."""
    lines = (GOLD / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines if line]
    gold = {key(*(row[field] for field in ("sentence", "start", "end", "value", "unit", "kind", "direction"))): row for row in rows}
    found = {key(f.sentence, f.start, f.end, f.value, f.unit, f.kind, f.direction): f for f in figures(report)}
    return gold, found


def span(row: dict[str, object]) -> tuple[int, ...] | None:
    found = row["indicator_span"]
    return tuple(found) if isinstance(found, list) else None


def score(name: str, report: Report) -> Score:
    gold, found = pairs(name, report)
    both = [place for place in gold if place in found]
    return Score(
        name,
        len(gold),
        len(found),
        len(both),
        sum(gold[place]["bound"] == found[place].bound for place in both),
        sum(gold[place]["of"] == found[place].of for place in both),
        sum(span(gold[place]) == found[place].span for place in both),
        sum((span(gold[place]) or (0, 0))[1] == (found[place].span or (0, 0))[1] for place in both),
    )


def total(scores: list[Score], name: str = "all") -> Score:
    fields = ("gold", "found", "right", "bound", "of", "span", "end")
    return Score(name, *(sum(getattr(one, field) for one in scores) for field in fields))


def wrong(name: str, report: Report) -> Iterator[str]:
    """What differs, a line each."""
    gold, found = pairs(name, report)
    for place in sorted(set(gold) ^ set(found), key=str):
        yield f"{'missed' if place in gold else 'false '} {place} {report.sentences[int(str(place[0]))].text}"
    for place, row in gold.items():
        if place in found and span(row) != found[place].span:
            text, wanted = report.sentences[found[place].sentence].text, span(row)
            yield f"span   {found[place].text}: {text[wanted[0] : wanted[1]] if wanted else None} / {found[place].indicator}"


def speed(count: int) -> None:
    lines = [line[2:].strip() for path in sorted((resources.corpus_dir() / "training").glob("*.txt")) for line in path.read_text(encoding="utf-8").splitlines()]
    sentences = [line for line in lines if re.search(r"\w", line)]
    figures_in("受理案件3件。")
    began, number = time.perf_counter(), 0
    for place in range(count):
        number += len(figures_in(sentences[place % len(sentences)]))
    print(f"{count:,} sentences, {number:,} figures: {time.perf_counter() - began:.1f} s in one process")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wrong", metavar="NAME")
    parser.add_argument("--speed", type=int, metavar="N")
    asked = parser.parse_args()
    if asked.speed:
        speed(asked.speed)
        return
    print(f"{'report':<14}{'gold':>6}{'found':>7}{'precision':>11}{'recall':>9}{'span':>9}{'span end':>9}{'bound':>9}{'of':>9}")
    scores = []
    for name, report in reports():
        scores.append(score(name, report))
        print(scores[-1].line())
        if asked.wrong == name:
            print(*wrong(name, report), sep="\n")
    print(total(scores).line())


if __name__ == "__main__":
    main()
