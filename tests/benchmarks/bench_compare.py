"""How well measures are matched, how far the intervals of shares can be trusted, and how long comparing takes.

    python tests/benchmarks/bench_compare.py [--no-speed]

The judged pairs of ``corpus/measure-pairs.jsonl`` are measured on in two ways, and all figures but those of the hard ones count a third of the pairs as hard:

- "unknown measure": each pair by weights that saw no pair of its baseline measure or of its twins, without known wordings, as any report is compared with any;
- "unknown wording": each pair by weights and wordings of the other four fifths of the pairs, as reports are compared with the baseline that ships.

The thesaurus was written by who wrote the pairs and knows them better than it knows reports; "fazhi, thinned" is without two fifths of its expressions, drawn at random.

Told are F1 of "same" against the rest; F1 of the judgement in reports made of one text for every measure; how often a text that states the same measure is first, or
among the first three, among the sentences of whole reports (training reports, samples) by likeness to the baseline sentence; the same turned round, the baseline
sentence among all of the baseline by likeness to the text. Beside it stand the cosine of character n-grams, and that times the likeness of categories. Then the share
of intervals that hold the true share, in simulated reports, and seconds for one report as a whole process, and for 200 reports with two processes.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from pipeline import resources
from pipeline.batch import read_report
from pipeline.compare import fit
from pipeline.compare.comparison import confusion
from pipeline.compare.features import features
from pipeline.compare.matcher import SAME
from pipeline.compare.shares import corrected
from pipeline.compare.trees import Trees
from pipeline.compare.views import Reader
from pipeline.compare.wordings import Pair, Wordings, baseline_texts, read_pairs
from pipeline.tag import Tagger

OURS = ("fazhi", "fazhi, thinned")
PEERS = (*OURS, "n-grams", "n-grams x category")
HARD = 1 / 3
FOLDS, REPORTS = 5, 12

Array = np.ndarray
#: Likeness of every baseline sentence to some texts, by peer.
Scorer = Callable[[Sequence[str]], dict[str, Array]]


@dataclass(frozen=True)
class Part:
    """Pairs that are measured on together, those that reports are made of, and what scores them."""

    held: list[int]
    pool: list[int]
    score: Scorer


@dataclass
class Found:
    """What is pooled over the parts; ranks are by report, peer and pair."""

    own: dict[str, list[tuple[int, float]]] = field(default_factory=lambda: {name: [] for name in OURS})
    best: dict[str, list[tuple[int, float]]] = field(default_factory=lambda: {name: [] for name in OURS})
    ranks: dict[str, dict[str, list[tuple[int, int]]]] = field(default_factory=dict)


def main() -> None:
    tagger = Tagger.load()
    reader, pairs = Reader.default(tagger), read_pairs()
    reports = fit.training_reports(tagger)
    held = dict(list(reports.items())[4::18])
    drawn = [text for name, texts in reports.items() if name not in held for text in texts]
    print(f"{len(pairs)} pairs of {len({p.baseline for p in pairs})} baseline measures, {sum(p.hard for p in pairs)} of them hard, counted as a third")
    among = {"training reports": list(held.values()), "sample reports": samples()}
    for title, parts in (("unknown measure", by_measure), ("unknown wording", by_wording)):
        found = Found()
        for part in parts(reader, pairs, drawn):
            measure(part, pairs, among, found)
        print(f"== {title}")
        show(found, pairs)
    coverage(confusion(tagger))
    if "--no-speed" not in sys.argv:
        speed()


def by_measure(reader: Reader, pairs: Sequence[Pair], drawn: Sequence[str]) -> Iterator[Part]:
    given = fit.examples(reader, pairs, "same", drawn)
    for seen, held in fit.parts(pairs):
        trees = fit.fit(given.of_groups(seen))
        yield Part([i for i, pair in enumerate(pairs) if pair.baseline in held], list(range(len(pairs))), scorer(reader, trees, None))


def by_wording(reader: Reader, pairs: Sequence[Pair], drawn: Sequence[str]) -> Iterator[Part]:
    fold = np.random.default_rng(2).permutation(len(pairs)) % FOLDS
    for number in range(FOLDS):
        seen = [pair for pair, at in zip(pairs, fold, strict=True) if at != number]
        held = np.flatnonzero(fold == number).tolist()
        yield Part(held, held, scorer(reader, fit.fit(fit.examples(reader, seen, "same", drawn, wordings=True)), seen))


def scorer(reader: Reader, trees: Trees, wordings: Sequence[Pair] | None) -> Scorer:
    thinned = Reader(reader.tagger, reader.thesaurus.thinned(0.4, 99), reader.rarity)

    def ours(by: Reader, texts: Sequence[str]) -> tuple[dict[str, Array], Array]:
        plain = features(by, by.views(baseline_texts()), by.views(texts))
        if wordings is None:
            return plain, trees.probability(plain)
        found, known = np.zeros((len(baseline_texts()), len(texts))), Wordings(by, wordings)
        found[known.measures] = trees.probability({name: values[known.measures] for name, values in plain.items()} | known.features(texts))
        return plain, found

    def score(texts: Sequence[str]) -> dict[str, Array]:
        plain, found = ours(reader, texts)
        scores = dict(zip(OURS, (found, ours(thinned, texts)[1]), strict=True))
        return scores | {"n-grams": plain["grams"], "n-grams x category": plain["grams"] * plain["category"]}

    return score


def measure(part: Part, pairs: Sequence[Pair], among: dict[str, list[list[str]]], found: Found) -> None:
    pool = part.score([pairs[i].text for i in part.pool])
    place = {i: at for at, i in enumerate(part.pool)}
    same = [i for i in part.held if pairs[i].relation == "same"]
    for name in OURS:
        found.own[name] += [(i, float(pool[name][pairs[i].baseline, place[i]])) for i in part.held]
        made(part, pairs, pool[name], place, found.best[name])
    measures_ = sorted({pair.baseline for pair in pairs})
    for peer in PEERS:
        for i in same:
            column, own = pool[peer][measures_, place[i]], pool[peer][pairs[i].baseline, place[i]]
            found.ranks.setdefault("turned round", {}).setdefault(peer, []).append((i, int((column >= own).sum()) - 1))
    for what, reports in among.items():
        for report in reports:
            scores = part.score(report)
            for peer in PEERS:
                listed = found.ranks.setdefault(f"among {what}", {}).setdefault(peer, [])
                listed += [(i, int((scores[peer][pairs[i].baseline] >= pool[peer][pairs[i].baseline, place[i]]).sum())) for i in same]


def made(part: Part, pairs: Sequence[Pair], scores: Array, place: dict[int, int], best: list[tuple[int, float]]) -> None:
    """Reports made of one text for every measure, without those of neighbours; a measure's best likeness there is judged by whether its own text is the same."""
    rng = np.random.default_rng(3)
    by_measure_: dict[int, list[int]] = {}
    for i in part.pool:
        by_measure_.setdefault(pairs[i].baseline, []).append(i)
    held = set(part.held)
    for _ in range(REPORTS):
        chosen = {group: int(rng.choice(members)) for group, members in by_measure_.items()}
        for group, i in chosen.items():
            if i in held:
                others = [place[j] for other, j in chosen.items() if other == group or other not in fit.neighbours(group)]
                best.append((i, float(scores[group, others].max())))


def weights(pairs: Sequence[Pair], chosen: Sequence[int]) -> Array:
    """Weights by which a third of some pairs is hard."""
    hard = np.array([pairs[i].hard for i in chosen])
    return np.where(hard, HARD / max(hard.mean(), 1e-9), (1 - HARD) / max(1 - hard.mean(), 1e-9))


def f1(scores: Array, right: Array, weight: Array, at: float) -> float:
    chosen = scores >= at
    return float(2 * weight[chosen & right].sum() / max(weight[chosen].sum() + weight[right].sum(), 1e-9))


def show(found: Found, pairs: Sequence[Pair]) -> None:
    told = [(f"{what} ({name})", rows[name]) for what, rows in (("same against the rest", found.own), ("judged in made reports", found.best)) for name in OURS]
    for what, rows in told:
        chosen, scores = [i for i, _ in rows], np.array([score for _, score in rows])
        right, weight = np.array([pairs[i].relation == "same" for i in chosen]), weights(pairs, chosen)
        hard = np.array([pairs[i].hard for i in chosen])
        at = max(np.linspace(0.1, 0.9, 81), key=lambda at: f1(scores, right, weight, at))
        print(
            f"{what}: F1 {f1(scores, right, weight, at):.3f} from {at:.2f} on; at {SAME}, as shipped, {f1(scores, right, weight, SAME):.3f}; hard {f1(scores[hard], right[hard], weight[hard], SAME):.3f}"
        )
    for what, by_peer in found.ranks.items():
        print(f"{what}:")
        table(by_peer, pairs)


def table(by_peer: dict[str, list[tuple[int, int]]], pairs: Sequence[Pair]) -> None:
    first = {}
    for peer, rows in by_peer.items():
        got, weight = np.array([rank for _, rank in rows]), weights(pairs, [i for i, _ in rows])
        hard = np.array([pairs[i].hard for i, _ in rows])
        first[peer] = float((got[hard] == 0).mean())
        one, three = (np.average(got < count, weights=weight) for count in (1, 3))
        print(f"  {peer:20s} first {one:.1%}  first three {three:.1%}  hard: first {first[peer]:.1%}  first three {(got[hard] < 3).mean():.1%}")
    for peer in PEERS[len(OURS) :]:
        print(f"  first on the hard: {first['fazhi'] / first[peer]:.1f} times as often as {peer}" if first[peer] else f"  on the hard, {peer} is never first")


def samples() -> list[list[str]]:
    """The sentences of the sample reports."""
    files = sorted(path for path in (resources.corpus_dir() / "samples").iterdir() if path.suffix != ".md")
    return [[sentence.text for sentence in read_report(path).sentences] for path in files]


def coverage(table_: Sequence[Sequence[int]], trials: int = 400) -> None:
    """True shares, tags and the confusion itself drawn anew in every trial; errors eight times the card's too, since real reports may be harder."""
    rng = np.random.default_rng(11)
    truth = np.asarray(table_, dtype=float)
    for times in (1, 8):
        chances = truth / truth.sum(axis=1, keepdims=True)
        off = (1 - np.diag(chances)) * times
        errors = chances * times
        errors[np.diag_indices(len(errors))] = 1 - off
        for count in (40, 90, 250):
            inside, wide = [], []
            for _ in range(trials):
                shares = rng.dirichlet(np.full(len(truth), 3.0))
                tags = rng.multinomial(count, shares @ errors)
                seen = np.array([rng.multinomial(int(row.sum()), chance) for row, chance in zip(truth, errors, strict=True)])
                real = shares[1:] / shares[1:].sum()
                _, low, high = corrected(tags.tolist(), seen.tolist(), draws=400)
                inside.append((low <= real) & (real <= high))
                wide.append(high - low)
            print(f"95% intervals, errors x{times}, {count} sentences: {np.mean(inside):.1%} hold the true share, width {np.mean(wide):.3f}")


def speed() -> None:
    program = str(Path(sys.executable).with_name("fazhi"))
    report = str(sorted((resources.corpus_dir() / "samples").glob("*.txt"))[0])
    times = [seconds([program, "compare", report, "--format", "jsonl"]) for _ in range(5)]
    print(f"one report as a whole process: median {statistics.median(times):.2f} s")
    with tempfile.TemporaryDirectory() as folder:
        texts = list(fit.training_reports(Tagger.load()).items())
        for number in range(200):
            name, sentences = texts[number % len(texts)]
            body = "".join(f"{sentence}\n" for sentence in (sentences if number < len(texts) else sentences[::-1]))
            Path(folder, f"{name}-{number}.txt").write_text(f"{name}区{2000 + number % 25}年法治政府建设年度情况报告\n{body}", encoding="utf-8")
        print(f"200 reports, two processes: {seconds([program, 'compare', folder, '--jobs', '2', '--format', 'jsonl', '-o', f'{folder}/out.jsonl']):.1f} s")


def seconds(command: Sequence[str]) -> float:
    begin = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - begin


if __name__ == "__main__":
    main()
