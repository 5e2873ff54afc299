"""Search beside other engines, over the same sentences in one run, with recall against a scan beside each time.

    python tests/benchmarks/bench_search.py                                    # national reports, 100,000 and 1,000,000 sentences, all peers
    python tests/benchmarks/bench_search.py --sizes 0 100000                   # smaller ones only
    python tests/benchmarks/bench_search.py --sizes 1000000 --peers tantivy    # one of the peers; none with --peers alone

A size of 0 stands for the national reports; other sizes are made from them by a seeded generator. What is built is kept in a temporary folder (or in that of
the variable FAZHI_BENCHMARKS), so that a second run is quick; --fresh makes our index anew. Times are of warm calls, each query's being the median of three; ratios
are a peer's time over ours for the same queries. Needs ../shared/corpora, and tantivy for that peer.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

from peers import MAKERS, SLOW, Filtered, Hits, Peer, Rows, peers
from synthetic import kept, place_of, report_of, stored

from pipeline.corpus import Corpus
from pipeline.search import parse
from pipeline.search.query import And, Or, Phrase
from pipeline.store import Database

BANDS = (1, 2, 10, 100, 1000, 10_000)
LARGE = 200_000  # sentences from which on slow peers get fewer queries


@dataclass(frozen=True)
class Queries:
    """What is asked: phrases over all bands of frequency, pairs of them, words, and phrases with a filter."""

    phrases: list[str]
    pairs: list[tuple[str, str]]
    words: list[tuple[str, ...]]
    filtered: list[Filtered]


def queries(corpus: Corpus, rows: Rows, *, seed: int = 7) -> Queries:
    """Draw the queries from the sentences."""
    choose = random.Random(seed)
    bands: dict[int, list[str]] = {band: [] for band in BANDS}
    for _ in range(20_000):
        phrase = cut_out(choose, rows.texts, choose.randint(2, 12) if choose.random() < 0.6 else choose.randint(2, 3))
        band = max(low for low in bands if low <= corpus.find(Phrase(phrase), exact=True).total)
        bands[band].append(phrase)
    even = [phrase for turn in zip_longest(*bands.values()) for phrase in turn if phrase]
    phrases = list(dict.fromkeys(even))[:500]
    short = [phrase for band, found in bands.items() if band >= 10 for phrase in found[:84] if len(phrase) <= 4]
    pairs = [(choose.choice(short), choose.choice(short)) for _ in range(200)]
    common = [phrase for phrase in short if phrase.isalpha() and len(phrase) == 2]
    words = [tuple(choose.sample(common, choose.randint(1, 3))) for _ in range(100)]
    places = sorted(set(rows.districts))
    filtered = []
    for _ in range(100):
        first, year = choose.choice(places)[0], choose.randint(2010, 2022)
        filtered.append(Filtered(choose.choice(short), tuple(place for place in places if first in place), year, year + 2))
    return Queries(phrases, pairs, words, filtered)


def cut_out(choose: random.Random, texts: Sequence[str], length: int) -> str:
    """A phrase from a sentence, without quotes so that it can be typed between them."""
    while True:
        text = choose.choice(texts)
        begin = choose.randrange(max(1, len(text) - length))
        phrase = text[begin : begin + length]
        if len(phrase) > 1 and phrase.strip() and not set(phrase) & set("“”\"'‘’"):
            return phrase


def timed(ask: Callable[..., object], asked: Iterable[object], times: int = 3) -> list[float]:
    """Milliseconds of every query: the median of some calls after one that warms."""
    found = []
    for argument in asked:
        ask(argument)
        taken = []
        for _ in range(times):
            start = time.perf_counter()
            ask(argument)
            taken.append(time.perf_counter() - start)
        found.append(statistics.median(taken) * 1000)
    return found


def p95(times: Sequence[float]) -> float:
    return float(np.percentile(times, 95))


def line(name: str, times: Sequence[float], note: str = "") -> None:
    """One row of the output."""
    print(f"  {name:46} median {statistics.median(times):9.3f} ms   p95 {p95(times):9.3f} ms   {note}".rstrip(), flush=True)


class Ours:
    """The corpus under test, asked as a program asks it."""

    def __init__(self, corpus: Corpus, ids: np.ndarray) -> None:
        self.corpus, self.ids = corpus, ids

    def phrase(self, text: str) -> np.ndarray:
        hits = self.corpus.find(Phrase(text))
        return hits.ids if hits.total >= 0 and hits.occurrences >= 0 else hits.counts

    def exact(self, text: str) -> np.ndarray:
        return self.corpus.find(Phrase(text), exact=True).ids

    def both(self, pair: tuple[str, str]) -> np.ndarray:
        return self.corpus.find(And(tuple(map(Phrase, pair)))).ids

    def ranked(self, words: Sequence[str]) -> object:
        return self.corpus.find(Or(tuple(map(Phrase, words)))).ranked(limit=20)

    def filtered(self, asked: Filtered) -> np.ndarray:
        return self.corpus.find(parse(typed(asked))).ids

    def rows(self, ids: np.ndarray) -> Hits:
        return set(np.searchsorted(self.ids, ids).tolist())


def typed(asked: Filtered) -> str:
    """A filtered phrase as a query."""
    shared = next(c for c in asked.districts[0] if all(c in place for place in asked.districts))
    return f"“{asked.phrase}” district:{shared} year:{asked.first}..{asked.last}"


def measure(ours: Ours, asked: Queries) -> dict[str, list[float]]:
    """The rows of ours; every one goes through the corpus."""
    corpus = ours.corpus
    rows = {
        "phrase": ("phrase: all ids and exact counts", ours.phrase, asked.phrases),
        "exact": ("the same, variants told apart", ours.exact, asked.phrases),
        "page": ("first page of 20, highlighted", lambda phrase: corpus.search(f"“{phrase}”"), asked.phrases),
        "filtered": ("phrase with district and year, all ids", ours.filtered, asked.filtered),
        "filtered page": ("the same, first page", lambda one: corpus.search(typed(one)), asked.filtered),
        "and": ("and of two terms", ours.both, asked.pairs),
        "ranked": ("ranked words (BM25), 20 best", ours.ranked, asked.words),
        "facets": ("facets over all hits", lambda phrase: corpus.find(Phrase(phrase)).facets(), asked.phrases),
    }
    taken = {}
    for name, (shown, ask, queries) in rows.items():
        taken[name] = timed(ask, queries)
        line(shown, taken[name])
    return taken


class Truth:
    """What a scan finds: one search through the joined text for every phrase."""

    def __init__(self, rows: Rows) -> None:
        self.rows, self.whole = rows, "\n".join(rows.texts)
        self.ends = np.cumsum([len(text) + 1 for text in rows.texts])
        self.known: dict[str, Hits] = {}

    def phrase(self, phrase: str) -> Hits:
        if phrase not in self.known:
            places, at = [], self.whole.find(phrase)
            while at >= 0:
                places.append(at)
                at = self.whole.find(phrase, at + 1)
            self.known[phrase] = set(np.searchsorted(self.ends, places, side="right").tolist())
        return self.known[phrase]

    def both(self, pair: tuple[str, str]) -> Hits:
        return self.phrase(pair[0]) & self.phrase(pair[1])

    def filtered(self, asked: Filtered) -> Hits:
        rows = self.rows
        return {i for i in self.phrase(asked.phrase) if rows.districts[i] in asked.districts and asked.first <= rows.years[i] <= asked.last}


def recall(found: Iterable[Hits], truth: Iterable[Hits]) -> str:
    """How much of what the scan finds is found, and how many answers differ from the scan's."""
    pairs = list(zip(found, truth, strict=True))
    share = sum(len(one & other) for one, other in pairs) / max(1, sum(len(other) for _, other in pairs))
    wrong = sum(one != other for one, other in pairs)
    return f"recall {share:7.2%}, {wrong} of {len(pairs)} answers not as the scan"


def beside(peer: Peer, rows: Rows, mine: dict[str, list[float]], asked: Queries, truth: Truth, place: Path) -> None:
    """A peer's times and recall beside ours."""
    folder = place / peer.name

    def build(folder: Path) -> dict[str, float]:
        start = time.perf_counter()
        peer.build(rows, folder)
        return {"seconds": time.perf_counter() - start, "bytes": sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())}

    made = kept(folder, build)
    peer.open(rows, folder)
    step = 1 if len(rows.texts) < LARGE or peer.name not in SLOW else 10
    note = f"; every {step}th query only" if step > 1 else ""
    if made["bytes"]:
        note = f": built in {made['seconds']:.0f} s, {len(rows.texts) / made['seconds']:,.0f} sentences a second, {made['bytes'] / 1e6:.0f} MB{note}"
    print(f" {peer.name}{note}", flush=True)
    both = lambda pair: peer.both(*pair)  # noqa: E731
    show(peer, "phrase", peer.phrase, asked.phrases[::step], mine["phrase"][::step], truth.phrase)
    if count := getattr(peer, "count", None):
        show(peer, "phrase, the number alone", count, asked.phrases, mine["phrase"])
    show(peer, "and", both, asked.pairs[::step], mine["and"][::step], truth.both)
    show(peer, "phrase with filter, all ids", peer.filtered, asked.filtered[::step], mine["filtered"][::step], truth.filtered)
    show(peer, "ranked", peer.ranked, asked.words[::step], mine["ranked"][::step])


def show(peer: Peer, row: str, ask: Callable[..., Hits], asked: Sequence[object], mine: list[float], truth: Callable[..., Hits] | None = None) -> None:
    """One row of a peer."""
    said = f"{recall(map(ask, asked), map(truth, asked))}; " if truth else ""
    times = timed(ask, asked, 1 if peer.name in SLOW else 3)
    medians = statistics.median(times) / statistics.median(mine)
    line(f"{peer.name}: {row}", times, f"{p95(times) / p95(mine):8.2f} times ours, {medians:.2f} by medians; {said}".removesuffix("; "))


def adding(folder: Path, texts: Sequence[str]) -> None:
    """How long one more report of 100 sentences takes, from the call to being searchable; in a copy of the corpus."""
    with tempfile.TemporaryDirectory(dir=folder.parent) as other:
        copy = Path(other) / "corpus"
        shutil.copytree(folder, copy)
        database, stores, times = Database(copy / "corpus.sqlite"), [], []
        with Corpus.open(copy) as corpus:
            corpus.find(Phrase("复议"))
            for number in range(20):
                start = time.perf_counter()
                database.put(report_of(900_000 + number, texts[number * 100 : number * 100 + 100]))
                stores.append((time.perf_counter() - start) * 1000)
                corpus.update_index()
                times.append((time.perf_counter() - start) * 1000)
        database.close()
    line("adding one report of 100 sentences", times, f"most {max(times):.0f} ms; of this storing {statistics.median(stores):.0f} ms")


_RESIDENT = """
import sys, json
from pipeline.corpus import Corpus
corpus = Corpus.open(sys.argv[1])
for query in json.loads(sys.stdin.read()):
    corpus.search(query); corpus.search(query, exact=True)
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("RssAnon")))
"""


def processes(folder: Path, asked: Queries) -> None:
    """Whole processes: the memory of an open corpus, and the first answer of the command."""
    some = [*(f"“{phrase}”" for phrase in asked.phrases[::5]), *map(typed, asked.filtered[:20])]
    if Path("/proc/self/status").exists():
        done = subprocess.run([sys.executable, "-c", _RESIDENT, str(folder)], input=json.dumps(some), capture_output=True, text=True, check=True)
        print(f"  memory beyond mapped files, open, {len(some)} queries asked  {int(done.stdout) / 1024:.0f} MB")
    command = [sys.executable, "-c", "from pipeline.cli.app import main; main()", "search", some[len(some) // 2], "--corpus", str(folder)]
    times, work = [], []
    for _ in range(8):
        start, clock = time.perf_counter(), children()
        subprocess.run(command, capture_output=True, check=True, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
        times.append((time.perf_counter() - start) * 1000)
        work.append((children() - clock) * 1000)
    line("fazhi search as a whole process", times[1:], f"of work {statistics.median(work[1:]):.0f} ms")


def children() -> float:
    """Seconds of work of all processes that this one started and that have ended."""
    spent = os.times()
    return spent.children_user + spent.children_system


def figures(made: dict[str, float]) -> None:
    """How the corpus was built."""
    count, text, both = made["sentences"], made["text"], made["storing"] + made["indexing"]
    worked = f", {count / made['indexing_cpu']:,.0f} a second of work" if "indexing_cpu" in made else ""
    print(f"  storing parsed reports, one process            {count / made['storing']:,.0f} sentences a second")
    print(f"  indexing them from the store                   {count / made['indexing']:,.0f} sentences a second by the clock{worked}")
    print(f"  both, one after the other                      {count / both:,.0f} sentences a second")
    print(f"  index size over UTF-8 text size                {made['index'] / text:.2f} ({made['index'] / 1e6:.0f} MB over {text / 1e6:.0f} MB)", flush=True)


def run(size: int, names: Sequence[str] | None, *, fresh: bool) -> None:
    """One corpus: build it, measure ours, then the peers."""
    made = stored(size, fresh=fresh)
    database = Database(made.folder / "corpus.sqlite")
    known = {report.id: report.metadata for report in database.reports()}
    held = list(database.plain())
    ids = np.array([fact[0] for fact in database.facts()])
    database.close()
    rows = Rows([text for _, text in held], [known[key].district or "" for key, _ in held], [known[key].year or 0 for key, _ in held])
    print(f"\n{len(rows.texts):,} sentences, {sum(map(len, rows.texts)):,} characters, {len(known):,} reports", flush=True)
    figures(made.figures)
    with Corpus.open(made.folder) as corpus:
        ours, truth = Ours(corpus, ids), Truth(rows)
        asked = queries(corpus, rows)
        mine = measure(ours, asked)
        apart = [ours.rows(ours.exact(phrase)) for phrase in asked.phrases]
        print(f"  variants told apart: {recall(apart, map(truth.phrase, asked.phrases))}")
        alike = sum(ours.rows(ours.phrase(phrase)) >= truth.phrase(phrase) for phrase in asked.phrases)
        print(f"  variants as one: {alike} of {len(asked.phrases)} answers hold all that the scan finds", flush=True)
    processes(made.folder, asked)
    adding(made.folder, rows.texts)
    for peer in peers(chosen(names, len(rows.texts))):
        beside(peer, rows, mine, asked, truth, place_of(size))


def chosen(names: Sequence[str] | None, count: int) -> list[str]:
    """The peers that were named, else all; without those that take half an hour to build."""
    if names is not None:
        return list(names)
    left_out = [name for name in MAKERS if name.startswith("whoosh") and count >= LARGE]
    if left_out:
        print(f" left out, because building them takes half an hour: {', '.join(left_out)}; name them with --peers")
    return [name for name in MAKERS if name not in left_out]


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="*", default=[0, 100_000, 1_000_000], help="numbers of sentences")
    parser.add_argument("--peers", nargs="*", choices=list(MAKERS), help="all of them without this option, but Whoosh only in the smaller corpora")
    parser.add_argument("--fresh", action="store_true", help="make our index anew")
    options = parser.parse_args()
    for size in options.sizes:
        run(size, options.peers, fresh=options.fresh)


if __name__ == "__main__":
    main()
