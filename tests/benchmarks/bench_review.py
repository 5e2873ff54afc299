"""What labelling by `fazhi review export` saves, and how many planted label errors `fazhi labels suspects` finds first.

    python tests/benchmarks/bench_review.py [--quick] [--alone] [--jobs 2] [--only study|suspects]

The study starts from a model of the baseline alone. In every round 100 sentences of three quarters of the training corpus get the label that they have there,
picked as `review export` picks them (10 of them at random), or all at random; then the model is trained anew and measured on the other quarter: macro-F1 in
the report as it stands, or, with --alone, of each sentence by itself. For several scores of random labelling it says what share of its labels the chosen
need, by interpolation between the rounds, seed by seed. The planted errors: 5% of all labels become another category, any, or that which is
likeliest after the true one, as people err.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from pipeline import parallel
from pipeline.learn.labelled import LabelledReport, baseline_report, training_reports
from pipeline.learn.metrics import confusion, macro_f1
from pipeline.learn.selection import choose, margins
from pipeline.learn.suspects import out_of_fold, suspects
from pipeline.tag.evidence import SentenceEvidence
from pipeline.tag.model import Model, Setting
from pipeline.tag.outline import Outline

BATCH, RANDOM = 100, 10
#: How sentences are picked was settled on the seeds below these.
FRESH = range(10, 15)
AT = (200, 400, 600, 800, 1000, 1200, 1500)
ROUNDS = {"chosen": 10, "random": 16}


@dataclass(frozen=True)
class Task:
    """One run of the study."""

    seed: int
    how: str
    setting: Setting
    rounds: int


def run(task: Task) -> list[float]:
    """Macro-F1 on held-out reports before the first round and after each."""
    import scipy.optimize  # noqa: F401
    from threadpoolctl import threadpool_limits

    reports = training_reports()
    order = np.random.default_rng(1000 + task.seed).permutation(len(reports))
    cut = len(reports) // 4
    held, pool = [reports[i] for i in order[:cut]], [reports[i] for i in order[cut:]]
    rng, labelled, found = np.random.default_rng(task.seed), np.zeros(sum(len(r.sentences) for r in pool), dtype=bool), []
    with threadpool_limits(1):
        for number in range(task.rounds + 1):
            model = fitted(pool, labelled, task.setting)
            found.append(measured(model, held, task.setting))
            if number < task.rounds:
                pick(model, pool, labelled, task, rng)
    return found


def fitted(pool: list[LabelledReport], labelled: NDArray[np.bool_], setting: Setting) -> Model:
    """A model of the baseline and the labelled sentences, which keep their neighbours; of its layers only the words where the others are not measured."""
    known = [baseline_report()]
    for report, there in zip(pool, np.split(labelled, np.cumsum([len(r.sentences) for r in pool])[:-1]), strict=True):
        if there.any():
            known.append(replace(report, sentences=tuple(s if seen else replace(s, label=-1) for s, seen in zip(report.sentences, there, strict=True))))
    if setting == "full":
        return Model().fit([r.outline for r in known], [r.labels for r in known])
    rows = [(s.text, s.label, i) for i, r in enumerate(known) for s in r.sentences if s.label >= 0]
    texts, labels, owners = zip(*rows, strict=True)
    model = Model()
    model.sentence_ = SentenceEvidence().fit(texts, labels, owners if len(known) > 1 else range(len(rows)))
    return model


def measured(model: Model, held: list[LabelledReport], setting: Setting) -> float:
    """Macro-F1 on labelled reports."""
    tags = np.concatenate([model.predict_log_proba(r.outline, setting).argmax(axis=1) for r in held])
    return float(macro_f1(confusion(np.array([label for r in held for label in r.labels]), tags, 8)))


def pick(model: Model, pool: list[LabelledReport], labelled: NDArray[np.bool_], task: Task, rng: np.random.Generator) -> None:
    """Label 100 more sentences."""
    labelled[rng.choice(np.flatnonzero(~labelled), RANDOM if task.how == "chosen" else BATCH, replace=False)] = True
    if task.how == "chosen":
        rows = np.flatnonzero(~labelled)
        texts = [s.text for r in pool for s in r.sentences]
        sure = margins(np.exp(model.predict_log_proba(Outline(tuple(texts), (), (), (), ()), "alone")))
        if task.setting == "full":
            sure = (sure + margins(np.exp(np.concatenate([model.predict_log_proba(r.outline, "full") for r in pool])))) / 2
        labelled[rows[choose([texts[i] for i in rows], sure[rows], BATCH - RANDOM, seed=task.seed)]] = True


def needed(curve: list[float], score: float) -> float:
    """How many labels a curve needs for a score; infinite where it does not come so far."""
    best = np.maximum.accumulate(curve)
    at = int(np.searchsorted(best, score))
    if at == 0 or at == len(best):
        return float("inf") if at else 0.0
    return float(BATCH * (at - 1 + (score - best[at - 1]) / (best[at] - best[at - 1])))


def share(random: list[float], chosen: list[float], labels: int) -> tuple[float, float]:
    """The score that so many random labels give, and the share of the labels that random labelling needs for it that the chosen need."""
    score = max(random[: labels // BATCH + 1])
    return score, needed(chosen, score) / needed(random, score)


def study(seeds: int, setting: Setting, jobs: int) -> None:
    """Show both curves and the shares."""
    began = time.perf_counter()
    tasks = [Task(seed, how, setting, ROUNDS[how]) for seed in FRESH[:seeds] for how in ("random", "chosen")]
    found = dict(zip(((t.seed, t.how) for t in tasks), parallel.stream(run, tasks, jobs=jobs), strict=True))
    print(f"study: {seeds} seeds, setting {setting}, {BATCH} labels a round, {RANDOM} of the chosen at random")
    for how in ("random", "chosen"):
        curves = np.array([found[seed, how] for seed in FRESH[:seeds]])
        print(f"  {how}: " + "  ".join(f"{BATCH * i} {m:.3f}±{s:.3f}" for i, (m, s) in enumerate(zip(curves.mean(0), curves.std(0), strict=True))))
    mean = {how: np.mean([found[seed, how] for seed in FRESH[:seeds]], axis=0).tolist() for how in ("random", "chosen")}
    for labels in AT:
        score, whole = share(mean["random"], mean["chosen"], labels)
        each = [share(found[seed, "random"], found[seed, "chosen"], labels)[1] for seed in FRESH[:seeds]]
        shown = " ".join(f"{one:.0%}" if np.isfinite(one) else "-" for one in each)
        print(f"  F1 {score:.3f}, which {labels} random labels give: {whole:.0%} of them (mean curves); seed by seed {shown}, median {np.median(each):.0%}")
    print(f"  {time.perf_counter() - began:.0f} s")


def planted(seeds: int, jobs: int) -> None:
    """Show how many planted errors are among the first suspects."""
    began = time.perf_counter()
    reports = [baseline_report(), *training_reports()]
    count = sum(len(r.sentences) for r in reports)
    print(f"planted errors: {seeds} seeds, 5% of {count} labels changed")
    clean = [np.exp(log) for log in out_of_fold(reports, jobs=jobs)]
    for kind, chances in (("any other category", None), ("the category that is likeliest after it", clean)):
        found = [caught(*spoil(reports, np.random.default_rng(seed), chances), jobs) for seed in range(seeds if chances is None else min(seeds, 2))]
        tenth, twentieth = zip(*found, strict=True)
        shown = " ".join(f"{one:.1%}" for one in tenth)
        print(f"  to {kind}: {np.mean(tenth):.1%} among the first 10% of suspects ({shown}), {np.mean(twentieth):.1%} among the first 5%")
    print(f"  {time.perf_counter() - began:.0f} s")


def caught(reports: list[LabelledReport], wrong: set[tuple[str, int]], jobs: int) -> tuple[float, float]:
    """The share of planted errors among the first tenth and twentieth of the suspects."""
    found = suspects(reports, out_of_fold(reports, jobs=jobs))
    tenth, twentieth = ({(s.report, s.number) for s in found[: round(len(found) * part)]} for part in (0.1, 0.05))
    return len(tenth & wrong) / len(wrong), len(twentieth & wrong) / len(wrong)


def spoil(
    reports: list[LabelledReport], rng: np.random.Generator, chances: list[NDArray[np.float64]] | None
) -> tuple[list[LabelledReport], set[tuple[str, int]]]:
    """Reports with 5% of the labels changed to another one, each as likely, or, with ``chances``, to the likeliest other one; and where."""
    places = [(i, j) for i, r in enumerate(reports) for j in range(len(r.sentences))]
    chosen = {places[k] for k in rng.choice(len(places), round(len(places) * 0.05), replace=False)}
    changed = []
    for i, report in enumerate(reports):
        sentences = list(report.sentences)
        for j, s in enumerate(sentences):
            if (i, j) in chosen:
                others = [code for code in range(8) if code != s.label]
                sentences[j] = replace(s, label=int(rng.choice(others)) if chances is None else max(others, key=lambda code: chances[i][j, code]))
        changed.append(replace(report, sentences=tuple(sentences)))
    return changed, {(reports[i].name, j) for i, j in chosen}


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="two seeds of the study, one of the planted errors")
    parser.add_argument("--alone", action="store_true", help="measure each sentence by itself")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", choices=("study", "suspects"))
    given = parser.parse_args()
    work = {"study": partial(study, 2 if given.quick else 5, "alone" if given.alone else "full", given.jobs)}
    work["suspects"] = partial(planted, 1 if given.quick else 5, given.jobs)
    for name, job in work.items():
        if given.only in (None, name):
            job()


if __name__ == "__main__":
    main()
