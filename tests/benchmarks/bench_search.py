"""Search beside other engines, over the same sentences in one run, with recall against a scan beside each time.

    python tests/benchmarks/bench_search.py                        # national reports and 100,000 sentences, all peers
    python tests/benchmarks/bench_search.py --sizes 1000000 --peers tantivy fts5-trigram fts5-bigrams scan
    python tests/benchmarks/bench_search.py --sizes 1000000 --peers      # without peers

A size of 0 stands for the national reports; other sizes are made from them by a seeded generator. Times are of warm calls, each query's being the median of
three; a ratio is a peer's 95th percentile over ours. Needs ../shared/corpora, and tantivy for that peer.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

from peers import Peer, peers
from synthetic import indexed, national, report_of, synthetic

from pipeline.corpus import Corpus
from pipeline.data import TaggedReport
from pipeline.search import parse
from pipeline.search.exact import ExactEngine
from pipeline.search.query import And, Or, Phrase
from pipeline.store import Database

ALL = ("scan", "tantivy", "fts5-trigram", "fts5-bigrams", "whoosh-bigrams", "whoosh-jieba")
BANDS = (1, 2, 10, 100, 1000, 10_000, 10**9)


@dataclass(frozen=True)
class Queries:
    """What is asked: phrases over all bands of frequency, pairs of them, words, and phrases with a filter."""

    phrases: list[str]
    pairs: list[tuple[str, str]]
    words: list[list[str]]
    filtered: list[str]


def queries(corpus: Corpus, texts: Sequence[str], *, seed: int = 7) -> Queries:
    """Draw the queries from the sentences."""
    choose = random.Random(seed)
    bands: dict[int, list[str]] = {band: [] for band in BANDS[:-1]}
    for _ in range(20_000):
        phrase = cut_out(choose, texts, choose.randint(2, 12) if choose.random() < 0.6 else choose.randint(2, 3))
        count = corpus.find(Phrase(phrase)).total
        band = max(low for low in bands if low <= count)
        if len(bands[band]) < 84:
            bands[band].append(phrase)
    phrases = [phrase for found in bands.values() for phrase in found][:500]
    short = [phrase for band, found in bands.items() if band >= 10 for phrase in found if len(phrase) <= 4]
    pairs = [(choose.choice(short), choose.choice(short)) for _ in range(200)]
    common = [phrase for phrase in short if phrase.isalpha() and len(phrase) == 2]
    words = [choose.sample(common, choose.randint(1, 3)) for _ in range(100)]
    districts = sorted({report.metadata.district or "" for report in corpus.reports()})
    filters = [f"district:{choose.choice(districts)[0]} year:{(year := choose.randint(2010, 2022))}..{year + 2}" for _ in range(100)]
    return Queries(phrases, pairs, words, [f"“{choose.choice(short)}” {asked}" for asked in filters])


def cut_out(choose: random.Random, texts: Sequence[str], length: int) -> str:
    """A phrase from a sentence, without quotes so that it can be typed between them."""
    while True:
        text = choose.choice(texts)
        begin = choose.randrange(max(1, len(text) - length))
        phrase = text[begin : begin + length]
        if len(phrase) > 1 and not set(phrase) & set("“”\"'‘’"):
            return phrase


def timed(ask: Callable[..., object], asked: Iterable[Sequence[object]]) -> list[float]:
    """Milliseconds of every query: the median of three calls after one that warms."""
    found = []
    for arguments in asked:
        ask(*arguments)
        times = []
        for _ in range(3):
            start = time.perf_counter()
            ask(*arguments)
            times.append(time.perf_counter() - start)
        found.append(statistics.median(times) * 1000)
    return found


def p95(times: Sequence[float]) -> float:
    return float(np.percentile(times, 95))


def line(name: str, times: Sequence[float], note: str = "") -> None:
    """One row of the output."""
    print(f"  {name:44} median {statistics.median(times):9.3f} ms   p95 {p95(times):9.3f} ms   {note}", flush=True)


class Ours:
    """The corpus under test, asked as a program asks it."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus, self.row = corpus, {s: i for i, s in enumerate(sorted(corpus.find(parse("NOT 没有的话")).ids.tolist()))}

    def phrase(self, text: str) -> np.ndarray:
        hits = self.corpus.find(Phrase(text))
        return hits.ids if hits.total >= 0 and hits.occurrences >= 0 else hits.counts

    def exact(self, text: str) -> np.ndarray:
        return self.corpus.find(Phrase(text), exact=True).ids

    def both(self, one: str, other: str) -> np.ndarray:
        return self.corpus.find(And((Phrase(one), Phrase(other)))).ids

    def ranked(self, words: Sequence[str]) -> object:
        return self.corpus.find(Or(tuple(map(Phrase, words)))).ranked(limit=20)

    def rows(self, ids: np.ndarray) -> set[int]:
        return {self.row[key] for key in ids.tolist()}


def measure(ours: Ours, asked: Queries) -> dict[str, list[float]]:
    """The rows of ours; every one goes through the corpus."""
    corpus = ours.corpus
    rows = {
        "phrase": timed(ours.phrase, [(phrase,) for phrase in asked.phrases]),
        "phrase, variants told apart": timed(ours.exact, [(phrase,) for phrase in asked.phrases]),
        "first page of 20, highlighted": timed(corpus.search, [(f"“{phrase}”",) for phrase in asked.phrases]),
        "phrase with district and year, first page": timed(corpus.search, [(query,) for query in asked.filtered]),
        "and": timed(ours.both, asked.pairs),
        "ranked": timed(ours.ranked, [(words,) for words in asked.words]),
        "facets over all hits": timed(lambda phrase: corpus.find(Phrase(phrase)).facets(), [(phrase,) for phrase in asked.phrases]),
    }
    for name, times in rows.items():
        line(name, times)
    return rows


def beside(peer: Peer, ours: Ours, mine: dict[str, list[float]], asked: Queries, truth: dict[str, set[int]], texts: Sequence[str]) -> None:
    """A peer's times and recall beside ours."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        peer.build(texts, Path(folder))
        took = time.perf_counter() - start
        size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
        print(f" {peer.name}: built in {took:.0f} s, {len(texts) / max(took, 1e-9):,.0f} sentences a second, {size / 1e6:.0f} MB")
        some = asked.phrases[:: 1 if len(texts) < 200_000 else 5] if peer.name in {"scan", "whoosh-jieba", "whoosh-bigrams"} else asked.phrases
        found = {phrase: peer.phrase(phrase) for phrase in some}
        whole = sum(len(truth[phrase]) for phrase in some)
        recall = sum(len(found[phrase] & truth[phrase]) for phrase in some) / whole
        missed = sum(found[phrase] != truth[phrase] for phrase in some) / len(some)
        ratios = f"recall {recall:7.2%}, {missed:4.0%} of the phrases not as the scan;"
        show(peer, "phrase", timed(peer.phrase, [(phrase,) for phrase in some]), mine, ratios)
        if count := getattr(peer, "count", None):
            show(peer, "phrase", timed(count, [(phrase,) for phrase in some]), mine, "the count alone;")
        if peer.name != "scan":
            show(peer, "and", timed(peer.both, asked.pairs), mine, "")
            show(peer, "ranked", timed(peer.ranked, [(words,) for words in asked.words]), mine, "")


def show(peer: Peer, row: str, times: list[float], mine: dict[str, list[float]], note: str) -> None:
    line(
        f"{peer.name}: {row}",
        times,
        f"{note} {p95(times) / p95(mine[row]):.2f} times ours ({statistics.median(times) / statistics.median(mine[row]):.2f} by medians)",
    )


def build(reports: Sequence[TaggedReport], folder: Path) -> Corpus:
    """Store and index reports; prints how fast."""
    count = sum(len(tagged.report.sentences) for tagged in reports)
    ready = [indexed(tagged, key) for key, tagged in enumerate(reports, 1)]
    start = time.perf_counter()
    ExactEngine(folder / "alone").update(ready, [])
    alone = time.perf_counter() - start
    del ready
    database = Database(folder / "corpus" / "corpus.sqlite", create=True)
    start = time.perf_counter()
    for tagged in reports:
        database.put(tagged)
    stored = time.perf_counter() - start
    database.close()
    corpus = Corpus.open(folder / "corpus")
    start = time.perf_counter()
    corpus.update_index()
    taken = time.perf_counter() - start
    text = sum(len(s.text.encode()) for tagged in reports for s in tagged.report.sentences)
    size = sum(path.stat().st_size for path in (folder / "corpus" / "index").iterdir())
    print(f"  indexing from parsed reports, one process   {count / alone:,.0f} sentences a second")
    print(f"  storing {count / stored:,.0f} a second, indexing from the store {count / taken:,.0f} a second")
    print(f"  index size over UTF-8 text size             {size / text:.2f} ({size / 1e6:.0f} MB over {text / 1e6:.0f} MB)")
    return corpus


def adding(corpus: Corpus, texts: Sequence[str]) -> None:
    """How long one more report of 100 sentences takes, from the call to being searchable."""
    database, times = Database(corpus.folder / "corpus.sqlite"), []
    for number in range(12):
        database.put(report_of(900_000 + number, texts[number * 100 : number * 100 + 100]))
        start = time.perf_counter()
        corpus.update_index()
        times.append((time.perf_counter() - start) * 1000)
    database.close()
    line("adding one report of 100 sentences", times, f"most {max(times):.0f} ms")


_RESIDENT = """
import sys
from pipeline.corpus import Corpus
corpus = Corpus.open(sys.argv[1])
for query in sys.argv[2:]:
    corpus.search(query); corpus.search(query, exact=True)
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("RssAnon")))
"""


def processes(corpus: Corpus, asked: Queries) -> None:
    """Whole processes: the memory of an open corpus, and the first answer of the command."""
    folder, some = str(corpus.folder), [*(f"“{phrase}”" for phrase in asked.phrases[::5]), *asked.filtered[:20]]
    if Path("/proc/self/status").exists():
        done = subprocess.run([sys.executable, "-c", _RESIDENT, folder, *some], capture_output=True, text=True, check=True)
        print(f"  memory beyond mapped files, open, 120 queries asked {int(done.stdout) / 1024:.0f} MB")
    command = [sys.executable, "-c", "from pipeline.cli.app import main; main()", "search", some[len(some) // 2], "--corpus", folder]
    times = []
    for _ in range(6):
        start = time.perf_counter()
        subprocess.run(command, capture_output=True, check=True, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
        times.append((time.perf_counter() - start) * 1000)
    line("fazhi search as a whole process", times[1:])


def scanned(texts: Sequence[str], phrases: Sequence[str]) -> dict[str, set[int]]:
    """What a scan finds for every phrase, by one search through the joined text each."""
    whole, ends = "\n".join(texts), np.cumsum([len(text) + 1 for text in texts])
    found = {}
    for phrase in phrases:
        places, at = [], whole.find(phrase)
        while at >= 0:
            places.append(at)
            at = whole.find(phrase, at + 1)
        found[phrase] = set(np.searchsorted(ends, places, side="right").tolist())
    return found


def run(size: int, names: Sequence[str]) -> None:
    """One corpus: build it, measure ours, then the peers."""
    reports = list(synthetic(size)) if size else national()
    texts = [s.text for tagged in reports for s in tagged.report.sentences]
    print(f"\n{len(texts):,} sentences, {sum(map(len, texts)):,} characters, {len(reports):,} reports", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        corpus = build(reports, Path(folder))
        del reports
        ours, asked = Ours(corpus), queries(corpus, texts)
        truth = scanned(texts, asked.phrases)
        apart = sum(ours.rows(ours.exact(phrase)) == truth[phrase] for phrase in asked.phrases)
        alike = sum(ours.rows(ours.phrase(phrase)) >= truth[phrase] for phrase in asked.phrases)
        print(
            f"  {apart} of {len(asked.phrases)} phrases exactly as the scan with variants told apart; with variants as one, {alike} hold all that the scan finds"
        )
        mine = measure(ours, asked)
        processes(corpus, asked)
        for peer in peers(names):
            beside(peer, ours, mine, asked, truth, texts)
        adding(corpus, texts)
        corpus.close()


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="*", default=[0, 100_000])
    parser.add_argument("--peers", nargs="*", choices=ALL, default=list(ALL))
    options = parser.parse_args()
    for size in options.sizes:
        run(size, options.peers)


if __name__ == "__main__":
    main()
