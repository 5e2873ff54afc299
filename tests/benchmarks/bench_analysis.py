"""What is counted from searches, in the corpora of the benchmark of searching.

    python tests/benchmarks/bench_analysis.py [--sizes 100000 1000000]

Prints the median of three calls of each analysis of an open corpus, what the first call took, and the median's ratio to a plain scan of all sentences for one phrase, taken
in the same run.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from synthetic import stored

from pipeline.corpus import Corpus
from pipeline.show import write_rows

RUNS = 3


def seconds(work: Callable[[], object]) -> tuple[float, float]:
    """The median time of a call, after one that warms up; and the time of that one."""
    times = []
    for _ in range(RUNS + 1):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times[1:]), times[0]


def main() -> None:
    """Run every analysis and print a line each."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sizes", type=int, nargs="*", default=[100_000, 1_000_000], help="numbers of sentences; 0 for the national reports")
    for size in options.parse_args().sizes:
        with Corpus.open(stored(size).folder) as corpus, tempfile.TemporaryDirectory() as folder:
            measure(corpus, Path(folder))


def measure(corpus: Corpus, folder: Path) -> None:
    """Print the times of every analysis."""
    texts = [sentence.text for sentence in corpus.sentences()]
    report = corpus.reports()[7].name
    choose = random.Random(2023)
    terms = sorted({text[at : at + choose.randint(2, 6)] for text in choose.sample(texts, 700) for at in [choose.randrange(max(1, len(text) - 6))]})
    terms = [term for term in terms if term.isalnum()][:500]
    scan, _ = seconds(lambda: sum(text.count("法治") for text in texts))
    common = corpus.counts("的").total.occurrences
    frequent = next(word for word in ("经济", "发展", "建设") if corpus.counts(word).total.occurrences)
    lines = corpus.counts(frequent).total.occurrences
    print(f"\n{len(texts):,} sentences of {len(corpus.reports()):,} reports, {sum(map(len, texts)):,} characters; a scan for one phrase {scan * 1e3:.0f} ms\n")
    print(f"{'analysis':62} {'median':>10} {'first call':>12} {'ratio to a scan':>16}", flush=True)
    wanted: list[tuple[str, Callable[[], object]]] = [
        (f"kwic of all {lines:,} occurrences of {frequent}, by the left", lambda: corpus.kwic(frequent, width=20, sort="left")),
        (f"kwic, the first 20 by the left, of {lines:,}", lambda: corpus.kwic(frequent, width=20, sort="left", limit=20)),
        (f"kwic, the first 30,000 of {common:,} occurrences of 的", lambda: corpus.kwic("的", width=20, limit=30_000)),
        (f"table of {len(terms)} terms by report", lambda: corpus.term_table(terms, "report")),
        (f"table of {len(terms)} terms by year", lambda: corpus.term_table(terms, "year")),
        (f"counts of {frequent} by year", lambda: corpus.counts(frequent, "year")),
        (f"keywords of a report against {len(corpus.reports()) - 1:,} others", lambda: corpus.keywords(report)),
        (f"keywords of a report against what has {frequent}", lambda: corpus.keywords(report, against=frequent)),
        (f"collocates of {frequent}", lambda: corpus.collocates(frequent)),
        (f"n-grams of 2 to 4 words of what has {frequent}", lambda: corpus.ngrams(frequent)),
        ("n-grams of 2 to 4 words", lambda: corpus.ngrams()),
        ("n-grams of 4 to 8 characters", lambda: corpus.ngrams(unit="characters", sizes=range(4, 9))),
        ("the sentences most like another one", lambda: corpus.similar(f"{report}#12")),
        ("why a query of two parts finds nothing", lambda: (corpus.parts("行正复仪 经济"), corpus.variants("行正复仪 经济"))),
        ("/第[一二三]产业.{0,5}/", lambda: corpus.search("/第[一二三]产业.{0,5}/")),
        ("发展*经济", lambda: corpus.search("发展*经济")),
        ("发展 NEAR/8 经济", lambda: corpus.search("发展 NEAR/8 经济")),
        ("同段(发展 教育)", lambda: corpus.search("同段(发展 教育)")),
    ]
    for name, work in wanted:
        shown(name, *seconds(work), scan)
    table = corpus.term_table(terms, "report")
    from pipeline.analysis.rows import term_fields, term_rows

    took = seconds(lambda: write_rows(term_rows(table, corpus.reports()), term_fields(table), to=folder / "t.csv", format="csv"))
    shown("the same table of terms by report as CSV", *took, scan)


def shown(name: str, took: float, first: float, scan: float) -> None:
    """One row of the output."""
    print(f"{name:62} {took * 1e3:7.0f} ms {first * 1e3:9.0f} ms {took / scan:15.1f}x", flush=True)


if __name__ == "__main__":
    main()
