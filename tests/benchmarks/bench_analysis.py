"""What is counted from searches, in a corpus of a thousand synthetic reports.

    python tests/benchmarks/bench_analysis.py [--reports 1000]

Prints the median of five calls of each analysis of an open corpus, and its ratio to a plain scan of all sentences for one phrase, taken in the same run.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from synthetic import HEADINGS, Chain, real_reports

from pipeline.corpus import Corpus
from pipeline.data import ROLES, Metadata, Paragraph, Report, Section, Sentence, TaggedReport
from pipeline.show import write_rows
from pipeline.store import Database

SENTENCES = 100
RUNS = 5


def seconds(work: Callable[[], object]) -> float:
    """The median time of a call, after one that warms up."""
    times = []
    for _ in range(RUNS + 1):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times[1:])


def reports(count: int) -> Iterator[Report]:
    """Reports of a hundred sentences each, in ten sections."""
    texts = Chain([sentence.text for report in real_reports() for sentence in report.sentences]).sentences(count * SENTENCES, seed=2023)
    for number in range(count):
        yield _report(number, texts[number * SENTENCES : (number + 1) * SENTENCES])


def _report(number: int, texts: list[str]) -> Report:
    sections, paragraphs, sentences, whole = [], [], [], ""
    for part, heading in enumerate(HEADINGS):
        begin, first = len(whole), len(whole) + len(heading) + 1
        whole += heading + "\n"
        for text in texts[part * 10 : part * 10 + 10]:
            sentences.append(Sentence(text, len(whole), len(whole) + len(text), part, part))
            whole += text
        whole += "\n"
        sections.append(Section(1, heading[:3], heading, "measures" if part < 7 else ROLES[part - 5], begin, len(whole)))
        paragraphs.append(Paragraph(first, len(whole), part))
    name = f"r{number:05d}"
    metadata = Metadata(name, f"第{number % 100}区", 2010 + number % 15)
    return Report(name, name, name, whole, metadata, tuple(sections), tuple(paragraphs), tuple(sentences))


def main() -> None:
    """Run every analysis and print a line each."""
    options = argparse.ArgumentParser()
    options.add_argument("--reports", type=int, default=1000)
    count = options.parse_args().reports
    with tempfile.TemporaryDirectory() as folder:
        database = Database(Path(folder) / "corpus.sqlite", create=True)
        for report in reports(count):
            database.put(TaggedReport(report, ()))
        database.close()
        with Corpus.open(folder) as corpus:
            measure(corpus, Path(folder))


def measure(corpus: Corpus, folder: Path) -> None:
    """Print the times of every analysis."""
    corpus.update_index()
    texts = [sentence.text for sentence in corpus.sentences()]
    choose = random.Random(2023)
    terms = sorted({text[at : at + choose.randint(2, 6)] for text in choose.sample(texts, 700) for at in [choose.randrange(len(text) - 6)]})
    terms = [term for term in terms if term.isalnum()][:500]
    scan = seconds(lambda: sum(text.count("法治") for text in texts))
    common = corpus.kwic("的").occurrences
    print(f"{len(texts):,} sentences of {len(corpus.reports()):,} reports, {sum(map(len, texts)):,} characters; a scan for one phrase {scan * 1e3:.0f} ms\n")
    print(f"{'analysis':66} {'median':>9} {'ratio to a scan':>16}")
    frequent = next(word for word in ("经济", "发展", "建设") if corpus.kwic(word).occurrences)
    lines = corpus.kwic(frequent).occurrences
    wanted: list[tuple[str, Callable[[], object]]] = [
        (f"kwic of all {lines:,} occurrences of {frequent}", lambda: corpus.kwic(frequent, width=20, sort="left")),
        (f"kwic, the first 30,000 of {common:,} occurrences of 的", lambda: corpus.kwic("的", width=20, limit=30_000)),
        (f"table of {len(terms)} terms by report", lambda: corpus.term_table(terms, "report")),
        (f"table of {len(terms)} terms by year", lambda: corpus.term_table(terms, "year")),
        (f"counts of {frequent} by year", lambda: corpus.counts(frequent, "year")),
        (f"keywords of a report against {len(corpus.reports()) - 1:,} others", lambda: corpus.keywords("r00007")),
        (f"collocates of {frequent}", lambda: corpus.collocates(frequent)),
        ("n-grams of 2 to 4 words", lambda: corpus.ngrams()),
        ("n-grams of 4 to 8 characters", lambda: corpus.ngrams(unit="characters", sizes=range(4, 9))),
        ("the sentences most like another one", lambda: corpus.similar("r00007#12")),
        ("why a query of two parts finds nothing", lambda: (corpus.parts("行正复仪 经济"), corpus.variants("行正复仪 经济"))),
        ("/第[一二三]产业.{0,5}/", lambda: corpus.search("/第[一二三]产业.{0,5}/")),
        ("发展*经济", lambda: corpus.search("发展*经济")),
        ("发展 NEAR/8 经济", lambda: corpus.search("发展 NEAR/8 经济")),
        ("同段(发展 教育)", lambda: corpus.search("同段(发展 教育)")),
    ]
    for name, work in wanted:
        took = seconds(work)
        print(f"{name:66} {took * 1e3:6.0f} ms {took / scan:15.1f}x")
    table = corpus.term_table(terms, "report")
    from pipeline.analysis.rows import term_fields, term_rows

    took = seconds(lambda: write_rows(term_rows(table, corpus.reports()), term_fields(table), to=folder / "t.csv", format="csv"))
    print(f"{'the same table of terms by report as CSV':66} {took * 1e3:6.0f} ms {took / scan:15.1f}x")


if __name__ == "__main__":
    main()
