"""Fit the weighting of the matcher to the pairs of ``corpus/measure-pairs.jsonl``, and measure it.

    python -m pipeline.compare.fit

writes ``corpus/concept-rarity.json`` and ``corpus/matcher.json``. What is fitted: gradient-boosted trees over :mod:`pipeline.compare.features`, once for "both state the
same measure" and once for "both are on the same subject". Beside the pairs stand each baseline measure with itself (the same), and with sentences of training
reports that were drawn at random (not the same, with little weight, because a few are).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline import resources
from pipeline.compare.concepts import Thesaurus
from pipeline.compare.features import features
from pipeline.compare.similarity import WEIGHTS
from pipeline.compare.trees import Tree, Trees
from pipeline.compare.views import RARITY, Array, Reader
from pipeline.show.export import write_text
from pipeline.tag import Tagger

_SEEDS = 3
_DRAWN, _DRAWN_WEIGHT = 120, 0.1
_OPTIONS = {"n_estimators": 70, "max_depth": 3, "learning_rate": 0.07, "subsample": 0.6, "min_samples_leaf": 8, "max_features": 0.4}


@dataclass(frozen=True, slots=True)
class Pair:
    """A measure of the baseline, by its index, and a text; ``relation`` is same, related (another measure on the same subject) or unrelated."""

    baseline: int
    text: str
    relation: str
    hard: bool


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """Pairs as numbers: a table with a row a pair and a column a name, whether each pair is one, its weight, and the baseline measure that it belongs to."""

    names: tuple[str, ...]
    table: Array
    right: NDArray[np.bool_]
    weight: Array
    group: NDArray[np.int64]

    def of_groups(self, groups: Iterable[int]) -> Examples:
        """The examples of some baseline measures."""
        rows = np.isin(self.group, list(groups))
        return Examples(self.names, self.table[rows], self.right[rows], self.weight[rows], self.group[rows])


def read_pairs() -> list[Pair]:
    """The judged pairs that ship with the project."""
    lines = (resources.corpus_dir() / "measure-pairs.jsonl").read_text(encoding="utf-8").splitlines()
    return [Pair(row["baseline"], row["text"], row["relation"], row["hard"]) for row in map(json.loads, lines)]


def baseline_texts() -> list[str]:
    """The sentences of the baseline; pairs point into them."""
    lines = (resources.corpus_dir() / "baseline-labels.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines]


def training_reports(tagger: Tagger) -> dict[str, list[str]]:
    """The sentences of every report that the tagger learned from but the baseline, by the report's name."""
    shipped = tagger.shipped
    found: dict[str, list[str]] = {name: [] for name in shipped.reports}
    for owner, text in zip(shipped.owner, shipped.texts.split("\n"), strict=True):
        found[shipped.reports[int(owner)]].append(text)
    found.pop(resources.baseline_path().stem, None)
    return found


def concept_rarity(thesaurus: Thesaurus, texts: Sequence[str]) -> dict[str, float]:
    """How rare every concept is in some sentences: ``ln((N + 1) / (1 + f))``, f of the N having it."""
    counts = np.zeros(len(thesaurus.concepts))
    for text in texts:
        counts[list(thesaurus.find(text))] += 1
    values = np.log((len(texts) + 1) / (1 + counts))
    return {f"{concept.kind} {concept.name}": round(float(value), 3) for concept, value in zip(thesaurus.concepts, values, strict=True)}


def examples(reader: Reader, pairs: Sequence[Pair], about: str, drawn: Sequence[str]) -> Examples:
    """What to fit to: the pairs, every measure with itself, and every measure with sentences drawn from training reports."""
    texts = baseline_texts()
    right = {"same"} if about == "same" else {"same", "related"}
    rng = np.random.default_rng(7)
    rows = [(pair.baseline, pair.text, pair.relation in right, 1.0) for pair in pairs]
    for group in sorted({pair.baseline for pair in pairs}):
        rows += [(group, _other_figures(texts[group], shift), True, 0.5) for shift in (0, 1)]
        rows += [(group, drawn[i], False, _DRAWN_WEIGHT) for i in rng.choice(len(drawn), _DRAWN, replace=False)]
    others = list(dict.fromkeys(row[1] for row in rows))
    found = features(reader, reader.views(texts), reader.views(others))
    places = {text: place for place, text in enumerate(others)}
    first, second = np.array([row[0] for row in rows]), np.array([places[row[1]] for row in rows])
    # A sentence that was drawn may well be on the subject, unless the thesaurus sees none of it there.
    kept = np.array([about == "same" or row[3] != _DRAWN_WEIGHT for row in rows]) | (found["subject"][first, second] == 0)
    table = np.stack([found[name][first, second] for name in sorted(found)], axis=1)
    truth, weight = np.array([row[2] for row in rows]), np.array([row[3] for row in rows])
    return Examples(tuple(sorted(found)), table[kept], truth[kept], weight[kept], first[kept])


def _other_figures(text: str, shift: int) -> str:
    """A sentence with other figures."""
    return "".join(str((int(c) * 3 + shift) % 10) if shift and c.isascii() and c.isdigit() else c for c in text)


def fit(given: Examples) -> Trees:
    """Boosted trees, the mean of a few that draw different samples."""
    from sklearn.ensemble import GradientBoostingClassifier

    trees: list[Tree] = []
    starts = []
    for seed in range(_SEEDS):
        model = GradientBoostingClassifier(random_state=seed, **_OPTIONS).fit(given.table, given.right, given.weight)
        starts.append(float(model.init_.predict_proba(given.table[:1])[0, 1]))
        trees += [_plain(stage[0].tree_, given.names, model.learning_rate / _SEEDS) for stage in model.estimators_]
    share = float(np.mean(starts))
    return Trees(round(float(np.log(share / (1 - share))), 4), tuple(trees))


def _plain(tree: Any, names: Sequence[str], scale: float) -> Tree:
    return Tree(
        tuple(names[i] if i >= 0 else "" for i in tree.feature.tolist()),
        tuple(round(value, 4) if i >= 0 else 0.0 for i, value in zip(tree.feature.tolist(), tree.threshold.tolist(), strict=True)),
        tuple(tree.children_left.tolist()),
        tuple(tree.children_right.tolist()),
        tuple(round(value * scale, 4) if i < 0 else 0.0 for i, value in zip(tree.feature.tolist(), tree.value.ravel().tolist(), strict=True)),
    )


def parts(pairs: Sequence[Pair], count: int = 8, seed: int = 1) -> Iterator[tuple[set[int], set[int]]]:
    """Baseline measures to fit to and to measure on, in turn; no measure is in both."""
    groups = sorted({pair.baseline for pair in pairs})
    order = np.random.default_rng(seed).permutation(groups).tolist()
    for part in range(count):
        held = set(order[part::count])
        yield set(groups) - held, held


def out_of_fold(given: Examples, pairs: Sequence[Pair]) -> tuple[Array, Mapping[int, Trees]]:
    """The probability of every pair by trees that saw no pair of its measure, and those trees by the measure."""
    chances = np.zeros(len(pairs))
    by_group: dict[int, Trees] = {}
    for seen, held in parts(pairs):
        trees = fit(given.of_groups(seen))
        by_group |= dict.fromkeys(held, trees)
        rows = [place for place, pair in enumerate(pairs) if pair.baseline in held]
        chances[rows] = trees.probability({name: given.table[rows, i] for i, name in enumerate(given.names)})
    return chances, by_group


def best_threshold(chances: Array, right: NDArray[np.bool_]) -> float:
    """The probability from which on pairs count with the best F1; the middle one of those as good."""
    tried = np.linspace(0.1, 0.9, 81)
    scores = np.array([f1(chances >= at, right) for at in tried])
    return round(float(np.median(tried[scores >= scores.max() - 0.002])), 2)


def f1(chosen: NDArray[np.bool_], right: NDArray[np.bool_]) -> float:
    """The harmonic mean of precision and recall."""
    return float(2 * (chosen & right).sum() / max(1, chosen.sum() + right.sum()))


def main() -> None:
    """Fit to all pairs and write the files."""
    tagger = Tagger.load()
    thesaurus, reports = Thesaurus.default(), training_reports(tagger)
    drawn = [text for texts in reports.values() for text in texts]
    rarities = concept_rarity(thesaurus, drawn)
    write_text(json.dumps(rarities, ensure_ascii=False, indent=0) + "\n", resources.corpus_dir() / RARITY)
    reader, pairs = Reader.default(tagger), read_pairs()
    data: dict[str, Any] = {"made by": "python -m pipeline.compare.fit", "pairs": len(pairs), "thesaurus": thesaurus.version}
    for about in ("same", "subject"):
        data[about] = fit(examples(reader, pairs, about, drawn)).data()
    text = json.dumps(data, ensure_ascii=False).replace('{"feature"', '\n{"feature"')
    write_text(text + "\n", resources.corpus_dir() / WEIGHTS)


if __name__ == "__main__":
    main()
