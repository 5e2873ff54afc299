"""Fit the weighting of the matcher to the pairs of ``corpus/measure-pairs.jsonl``, and measure it.

    python -m pipeline.compare.fit

writes ``corpus/concept-rarity.json`` and ``corpus/matcher.json``. What is fitted: gradient-boosted trees over :mod:`pipeline.compare.features`, once for "both state the
same measure" and once for "both are on the same subject"; and each of them again with what :mod:`pipeline.compare.wordings` adds, for measures whose wordings are
known. Beside the pairs stand each baseline measure with itself (the same), with texts that belong to other measures, and with sentences of training reports that
were drawn at random (not the same, both with little weight, because a few are).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline import resources
from pipeline.compare.concepts import Thesaurus
from pipeline.compare.features import features
from pipeline.compare.similarity import WEIGHTS
from pipeline.compare.trees import Tree, Trees
from pipeline.compare.views import RARITY, Array, Reader
from pipeline.compare.wordings import REPORT_PAIRS, Mask, Pair, Wordings, baseline_texts, read_pairs
from pipeline.show.export import write_text
from pipeline.tag import Tagger

_SEEDS = 3
_DRAWN, _DRAWN_WEIGHT = 120, 0.1
_CROSSED, _CROSSED_WEIGHT = 150, 0.1
_JOINED, _JOINED_WEIGHT = 4, 0.3
_REPORT_WEIGHT = 0.6
#: Below this cosine of their subjects, two sentences taken at random are on different ones.
_ELSEWHERE = 0.3
#: Each fit sees its pairs through so many thesauri that lack this share of their expressions, because the thesaurus knows the pairs better than it knows reports.
_THINNINGS, _THINNED = 3, 0.4
_OPTIONS = {"n_estimators": 90, "max_depth": 3, "learning_rate": 0.07, "subsample": 0.6, "min_samples_leaf": 20, "max_features": 0.4}
#: Baseline measures so near to each other that a text may fit both: they are never fitted to and measured on in turn.
TWINS = ({11, 57}, {12, 64}, {14, 15, 16}, {31, 59}, {44, 49, 50}, {47, 67}, {51, 52}, {55, 62})
#: Measures that share a part: a text of one is no example of what the other is not.
_NEIGHBOURS = (
    *TWINS, {11, 12, 57, 64}, {13, 57, 45}, {14, 15, 16, 57}, {31, 51, 52, 59}, {32, 33, 57}, {34, 35, 36, 65}, {44, 49, 50, 62}, {9, 63},
    {45, 46, 55, 62}, {55, 56, 60, 62}, {53, 54}, {22, 24, 30, 58}, {40, 41, 66},
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """Pairs as numbers: a table with a row a pair and a column a name, whether each pair is one, its weight, and the baseline measures of its two sides."""

    names: tuple[str, ...]
    table: Array
    right: NDArray[np.bool_]
    weight: Array
    group: NDArray[np.int64]
    source: NDArray[np.int64]

    def of_groups(self, groups: Iterable[int]) -> Examples:
        """The examples both of whose sides belong to some baseline measures, or to none (-1)."""
        return self.at(np.isin(self.group, list(groups)) & np.isin(self.source, [*groups, -1]))

    def at(self, rows: NDArray[Any]) -> Examples:
        """Some of the examples."""
        return Examples(self.names, self.table[rows], self.right[rows], self.weight[rows], self.group[rows], self.source[rows])


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


@dataclass(frozen=True, slots=True)
class _Row:
    """An example in words: a measure, a text, whether they are what is looked for, the weight, the measure whose pair the text is from, and the pairs' texts in it."""

    group: int
    text: str
    right: bool
    weight: float
    source: int = -1
    made_of: tuple[str, ...] = ()


def examples(reader: Reader, pairs: Sequence[Pair], about: str, drawn: Sequence[str], *, wordings: bool = False) -> Examples:
    """What to fit to: the pairs, every measure with itself, with texts of other measures, and with sentences drawn from training reports.

    With ``wordings``, the features include what the other pairs' texts tell of each.
    """
    rows = _rows(pairs, about, drawn)
    thinned = (Reader(reader.tagger, reader.thesaurus.thinned(_THINNED, seed), reader.rarity) for seed in range(_THINNINGS))
    seen = [_seen(each, rows, pairs, about, wordings=wordings) for each in thinned]
    tables = (np.concatenate([getattr(part, name) for part in seen]) for name in ("table", "right", "weight", "group", "source"))
    table, right, weight, group, source = tables
    return Examples(seen[0].names, table, right, weight / _THINNINGS, group, source)


def _seen(reader: Reader, rows: Sequence[_Row], pairs: Sequence[Pair], about: str, *, wordings: bool) -> Examples:
    """Examples as a reader sees them."""
    texts = baseline_texts()
    others = list(dict.fromkeys(row.text for row in rows))
    found = features(reader, reader.views(texts), reader.views(others))
    places = {text: place for place, text in enumerate(others)}
    first, second = np.array([row.group for row in rows]), np.array([places[row.text] for row in rows])
    # A sentence that was drawn, or that is from elsewhere, may well be on the subject, unless the thesaurus sees little of it there.
    kept = np.array([about == "same" or row.weight >= _REPORT_WEIGHT or row.right for row in rows]) | (found["subject"][first, second] < _ELSEWHERE)
    columns = {name: values[first, second] for name, values in found.items()}
    if wordings:
        made_of = {row.text: {row.text, *row.made_of} for row in rows}
        itself = np.array([[pair.text in made_of[text] for text in others] for pair in pairs])
        columns |= _by_wordings(Wordings(reader, pairs), others, itself, first, second)
    table = np.stack([columns[name] for name in sorted(columns)], axis=1)
    right, weight, source = (np.array([getattr(row, name) for row in rows]) for name in ("right", "weight", "source"))
    return Examples(tuple(sorted(columns)), table, right, weight, first, source).at(kept)


def _by_wordings(known: Wordings, texts: Sequence[str], itself: Mask, first: NDArray[Any], second: NDArray[Any]) -> dict[str, Array]:
    """The features by wordings of (measure, text); no text is a wording for itself."""
    place = np.zeros(len(baseline_texts()), dtype=np.int64)
    place[known.measures] = np.arange(len(known.measures))
    return {name: values[place[first], second] for name, values in known.features(texts, itself).items()}


def _rows(pairs: Sequence[Pair], about: str, drawn: Sequence[str]) -> list[_Row]:
    texts, rng = baseline_texts(), np.random.default_rng(7)
    right = {"same"} if about == "same" else {"same", "related"}
    groups = {pair.baseline for pair in pairs}
    rows = [_Row(pair.baseline, pair.text, pair.relation in right, 1.0, pair.baseline) for pair in pairs]
    rows += [_Row(pair.baseline, pair.text, pair.relation in right, _REPORT_WEIGHT) for pair in read_pairs(REPORT_PAIRS) if pair.baseline in groups]
    for group in sorted(groups):
        rows += [_Row(group, _other_figures(texts[group], shift), True, 0.5) for shift in (0, 1)]
        rows += [_Row(group, drawn[i], False, _DRAWN_WEIGHT) for i in rng.choice(len(drawn), min(_DRAWN, len(drawn)), replace=False)]
        others = [pair for pair in pairs if pair.baseline not in neighbours(group)]
        chosen = rng.choice(len(others), min(_CROSSED, len(others)), replace=False)
        rows += [_Row(group, others[i].text, False, _CROSSED_WEIGHT, others[i].baseline) for i in chosen]
        rows += _joined(group, pairs, others, right, rng)
    return rows


def _joined(group: int, pairs: Sequence[Pair], others: Sequence[Pair], right: set[str], rng: np.random.Generator) -> list[_Row]:
    """Sentences of reports often state several measures: texts of a measure's pairs with a text of another measure behind or before them."""
    own = [pair for pair in pairs if pair.baseline == group]
    rows = []
    for pair, other in zip(rng.permutation(np.array(own, dtype=object))[: 2 * _JOINED], rng.choice(np.array(others, dtype=object), 2 * _JOINED), strict=False):
        parts = (pair.text, other.text) if rng.random() < 0.5 else (other.text, pair.text)
        joined = "，".join(part.rstrip("。；;") for part in parts) + "。"
        rows.append(_Row(group, joined, pair.relation in right, _JOINED_WEIGHT, other.baseline, (pair.text, other.text)))
    return rows


def neighbours(measure: int) -> set[int]:
    """A measure, and those that share a part with it."""
    return {measure, *chain.from_iterable(group for group in _NEIGHBOURS if measure in group)}


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
    """Baseline measures to fit to and to measure on, in turn; no measure is in both, nor is one in the one and its twin in the other."""
    groups = {pair.baseline for pair in pairs}
    together = {measure: min(twins) for twins in TWINS for measure in twins}
    heads = sorted({together.get(measure, measure) for measure in groups})
    order = np.random.default_rng(seed).permutation(heads).tolist()
    for part in range(count):
        held = {measure for measure in groups if together.get(measure, measure) in order[part::count]}
        yield groups - held, held


def out_of_fold(given: Examples, pairs: Sequence[Pair]) -> Mapping[int, Trees]:
    """Trees by measure, fitted without any pair of it or of its twins."""
    return {measure: trees for seen, held in parts(pairs) for trees in [fit(given.of_groups(seen))] for measure in held}


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
        data[f"{about} by wordings"] = fit(examples(reader, pairs, about, drawn, wordings=True)).data()
    text = json.dumps(data, ensure_ascii=False).replace('{"feature"', '\n{"feature"')
    write_text(text + "\n", resources.corpus_dir() / WEIGHTS)


if __name__ == "__main__":
    main()
