"""The training corpus is what its datasheet says: large, balanced, varied, hard, consistently labelled, and nobody's copy."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from itertools import combinations

import pytest

from pipeline.learn.labelled import read_labelled, training_corpus

NGRAM = 6


@pytest.fixture(scope="module")
def reports():
    return training_corpus()


@pytest.fixture(scope="module")
def labelled(reports):
    return [(report.name, sentence.text, sentence.label) for report in reports for sentence in report.sentences]


def grams(text: str) -> set[str]:
    bare = re.sub(r"\W", "", text)
    return {bare[i : i + NGRAM] for i in range(len(bare) - NGRAM + 1)}


def test_it_is_large_and_balanced(reports, labelled):
    counts = Counter(label for _, _, label in labelled)
    assert len(reports) >= 60
    assert len(labelled) >= 4500
    assert all(counts[code] >= 450 for code in range(1, 8))
    assert counts[0] >= 200


def test_no_sentence_stands_twice(labelled):
    repeated = [text for text, count in Counter(text for _, text, _ in labelled).items() if count > 1]
    assert repeated == []


def test_no_report_is_a_near_copy_of_another(reports):
    """Of the character 6-grams of the shorter report, few stand in the other."""
    seen = {report.name: set().union(*(grams(sentence.text) for sentence in report.sentences)) for report in reports}
    closest = max((len(seen[a] & seen[b]) / min(len(seen[a]), len(seen[b])), a, b) for a, b in combinations(seen, 2))
    assert closest[0] < 0.15, closest


def test_no_sentence_is_a_near_copy_of_another(labelled):
    """Sentences of some length share fewer than four fifths of their 6-grams with any sentence of another report."""
    holders = defaultdict(list)
    held = [grams(text) for _, text, _ in labelled]
    for number, found in enumerate(held):
        for gram in found:
            holders[gram].append(number)
    shared: Counter[tuple[int, int]] = Counter()
    for numbers in holders.values():
        shared.update(combinations(numbers, 2))
    close = [
        (labelled[a][1], labelled[b][1])
        for (a, b), count in shared.items()
        if labelled[a][0] != labelled[b][0] and max(len(held[a]), len(held[b])) >= 12 and count > 0.8 * max(len(held[a]), len(held[b]))
    ]
    assert close == []


def test_none_of_it_is_close_to_the_measuring_set(labelled, shared):
    holders = defaultdict(set)
    for number, (_, text, _) in enumerate(labelled):
        for gram in grams(text):
            holders[gram].add(number)
    for report in read_labelled(sorted((shared / "eval").glob("*.jsonl"))):
        for sentence in report.sentences:
            wanted = grams(sentence.text)
            found = Counter(number for gram in wanted for number in holders.get(gram, ()))
            if len(wanted) >= 12 and found:
                number, count = found.most_common(1)[0]
                assert count < 0.6 * max(len(wanted), len(grams(labelled[number][1]))), (sentence.text, labelled[number])


def test_keywords_alone_get_a_quarter_wrong(root, labelled):
    """Counting the code book's own key words is the obvious way to label; at least a quarter of the sentences defy it."""
    book = (root / "corpus" / "codebook.md").read_text(encoding="utf-8").split("## Deciding between two")[0]
    chapters = re.findall(r"\*\*([1-7]) \w+\*\* — (.*?)(?=\n\n|\Z)", book, re.DOTALL)
    words = {int(code): set(re.findall(r"[\u4e00-\u9fff]{2,}", chapter)) for code, chapter in chapters}
    assert sorted(words) == list(range(1, 8))
    wrong = 0
    for _, text, label in labelled:
        counts = {code: sum(word in text for word in found) for code, found in words.items()}
        best = max(counts.values())
        guess = {code for code, count in counts.items() if count == best} if best else {0}
        wrong += guess != {label}
    assert wrong >= 0.25 * len(labelled), wrong / len(labelled)


def test_the_second_coding_agrees_beyond_chance(root, labelled):
    """Cohen's kappa (1960) of the first labels and a second, blind coding, as the datasheet gives it."""
    with (root / "corpus" / "second-coding.csv").open(encoding="utf-8", newline="") as file:
        pairs = [(int(row["first"]), int(row["second"])) for row in csv.DictReader(file)]
    assert len(pairs) >= 0.15 * len(labelled)
    agreed = sum(a == b for a, b in pairs) / len(pairs)
    firsts, seconds = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    chance = sum(firsts[code] * seconds[code] for code in range(8)) / len(pairs) ** 2
    kappa = (agreed - chance) / (1 - chance)
    stated = re.search(r"kappa of (0\.\d+)", (root / "corpus" / "datasheet.md").read_text(encoding="utf-8"))
    assert stated is not None
    assert abs(float(stated[1]) - kappa) < 0.0005


def test_labels_that_the_second_coding_disputed_were_decided(root, labelled):
    with (root / "corpus" / "second-coding.csv").open(encoding="utf-8", newline="") as file:
        coded = {(row["report"], row["text"]): {int(row["first"]), int(row["second"])} for row in csv.DictReader(file)}
    for name, text, label in labelled:
        assert label in coded.get((name, text), {label})
