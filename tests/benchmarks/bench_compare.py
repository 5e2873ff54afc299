"""How well measures are matched, how far the intervals of shares can be trusted, and how long comparing takes.

    python tests/benchmarks/bench_compare.py [--no-speed]

- the judged pairs of ``corpus/measure-pairs.jsonl``, each judged by weights that saw no pair of its baseline measure: F1 of "same" against the rest;
- each text that states the same measure, put among the sentences of whole reports (training reports and samples) and ranked by likeness to the baseline
  sentence: how often it is first, and among the first three. Beside it the cosine of character n-grams, and that times the likeness of categories; and the
  same turned round: the baseline sentence among all of the baseline, ranked by likeness to the text;
- the share of intervals that hold the true share, in simulated reports;
- seconds for one report as a whole process, and for 200 reports with two processes.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
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
from pipeline.tag import Tagger

PEERS = ("fazhi", "n-grams", "n-grams x category")


def main() -> None:
    tagger = Tagger.load()
    reader, pairs = Reader.default(tagger), fit.read_pairs()
    reports = fit.training_reports(tagger)
    held = dict(list(reports.items())[4::18])
    drawn = [text for name, texts in reports.items() if name not in held for text in texts]
    print(f"{len(pairs)} pairs of {len({p.baseline for p in pairs})} baseline measures, {sum(p.hard for p in pairs)} of them hard")
    given = fit.examples(reader, pairs, "same", drawn)
    chances, trees = fit.out_of_fold(given, pairs)
    same, hard = np.array([p.relation == "same" for p in pairs]), np.array([p.hard for p in pairs])
    at = fit.best_threshold(chances, same)
    print(
        f"same against the rest: F1 {fit.f1(chances >= at, same):.3f} from {at} on; at {SAME}, as shipped, {fit.f1(chances >= SAME, same):.3f}; hard {fit.f1(chances[hard] >= at, same[hard]):.3f}"
    )
    subject = fit.examples(reader, pairs, "subject", drawn)
    near, _ = fit.out_of_fold(subject, pairs)
    on = np.array([p.relation != "unrelated" for p in pairs])
    at = fit.best_threshold(near, on)
    print(f"same or related against unrelated: F1 {fit.f1(near >= at, on):.3f} from {at} on; unrelated F1 {fit.f1(near < at, ~on):.3f}")
    ranking(reader, pairs, trees, "training reports", list(held.values()))
    ranking(reader, pairs, trees, "sample reports", samples())
    turned_round(reader, pairs, trees)
    coverage(confusion(tagger))
    if "--no-speed" not in sys.argv:
        speed()


def samples() -> list[list[str]]:
    """The sentences of the sample reports."""
    files = sorted(path for path in (resources.corpus_dir() / "samples").iterdir() if path.suffix != ".md")
    return [[sentence.text for sentence in read_report(path).sentences] for path in files]


def ranking(reader: Reader, pairs: Sequence[fit.Pair], trees: Mapping[int, Trees], what: str, reports: Sequence[Sequence[str]]) -> None:
    same = [pair for pair in pairs if pair.relation == "same"]
    baseline = reader.views(fit.baseline_texts())
    own = features(reader, baseline, reader.views([pair.text for pair in same]))
    ranks: dict[str, list[int]] = {name: [] for name in PEERS}
    for report in reports:
        beside = features(reader, baseline, reader.views(report))
        for place, pair in enumerate(same):
            row = {name: np.append(matrix[pair.baseline], own[name][pair.baseline, place]) for name, matrix in beside.items()}
            for peer, scores in by_peer(row, trees[pair.baseline]).items():
                ranks[peer].append(int((scores[:-1] >= scores[-1]).sum()))
    table(f"among the sentences of {len(reports)} {what}", ranks, np.tile([pair.hard for pair in same], len(reports)))


def turned_round(reader: Reader, pairs: Sequence[fit.Pair], trees: Mapping[int, Trees]) -> None:
    same = [pair for pair in pairs if pair.relation == "same"]
    found = features(reader, reader.views(fit.baseline_texts()), reader.views([pair.text for pair in same]))
    ranks: dict[str, list[int]] = {name: [] for name in PEERS}
    for place, pair in enumerate(same):
        for peer, scores in by_peer({name: matrix[:, place] for name, matrix in found.items()}, trees[pair.baseline]).items():
            ranks[peer].append(int((np.delete(scores, pair.baseline) >= scores[pair.baseline]).sum()))
    table("turned round: the baseline sentence among those of the baseline", ranks, np.array([pair.hard for pair in same]))


def by_peer(row: Mapping[str, np.ndarray], trees: Trees) -> dict[str, np.ndarray]:
    return {"fazhi": trees.probability(row), "n-grams": row["grams"], "n-grams x category": row["grams"] * row["category"]}


def table(title: str, ranks: Mapping[str, Sequence[int]], hard: np.ndarray) -> None:
    print(f"{title}:")
    first = {}
    for peer, values in ranks.items():
        got = np.array(values)
        first[peer] = float((got[hard] == 0).mean())
        print(
            f"  {peer:20s} first {(got == 0).mean():.1%}  first three {(got < 3).mean():.1%}  hard: first {first[peer]:.1%}  first three {(got[hard] < 3).mean():.1%}"
        )
    for peer in PEERS[1:]:
        print(f"  first on the hard: {first['fazhi'] / first[peer]:.1f} times as often as {peer}" if first[peer] else f"  on the hard, {peer} is never first")


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
