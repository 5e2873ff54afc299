"""The domain dictionary: what it holds, and that each of its words is one."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from pipeline import resources
from pipeline.tokenize import Segmenter
from pipeline.tokenize.words import entries

#: A comment line opens each group: ``general``, and the categories in the order of their codes.
GROUPS = ("general", "1 functions", "2 rules", "3 enforcement", "4 emergency", "5 oversight", "6 disputes", "7 foundations")
#: Words that fit one place only (brands, slogans) would help no other report.
ONE_PLACE = ("亿企兴", "榆快办", "一办五组", "七报四色", "兴律助企")


@pytest.fixture(scope="module")
def dictionary() -> Path:
    return resources.corpus_dir() / "dictionary.txt"


@pytest.fixture(scope="module")
def words(dictionary: Path) -> list[str]:
    return entries(dictionary)


@pytest.fixture(scope="module")
def groups(dictionary: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    name = ""
    for row in dictionary.read_text(encoding="utf-8").splitlines():
        if row.startswith("#"):
            name = row.removeprefix("# ").split(":")[0]
        elif row:
            found.setdefault(name, []).append(row)
    return found


def test_it_holds_enough_words(words):
    assert len(words) >= 400


def test_each_word_stands_once(words):
    assert [word for word, count in Counter(words).items() if count > 1] == []


def test_words_are_short_and_hold_no_marks(words):
    assert [word for word in words if not re.fullmatch(r"[\u4e00-\u9fffA-Za-z0-9]{2,10}", word)] == []


def test_it_is_grouped_by_category_and_sorted_within_a_group(groups):
    assert tuple(groups) == GROUPS
    assert all(group == sorted(group) for group in groups.values())
    assert min(map(len, groups.values())) >= 40


def test_the_project_s_own_texts_use_its_words(words):
    corpus = resources.corpus_dir()
    files = [*sorted(corpus.glob("training/*.txt")), resources.baseline_path(), corpus / "codebook.md"]
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    missing = [word for word in words if word not in text]
    assert len(missing) <= 0.1 * len(words), missing


def test_no_word_fits_one_place_only(words):
    assert not set(ONE_PLACE) & set(words)


def test_every_word_is_one_word(words):
    segmenter = Segmenter.default()
    assert [(word, segmenter.words(word)) for word in words if segmenter.words(word) != [word]] == []


@pytest.mark.parametrize(
    ("term", "group"),
    [
        ("告知承诺", "1 functions"),
        ("双随机", "1 functions"),
        ("一公开", "1 functions"),
        ("合法性审核", "2 rules"),
        ("首违不罚", "3 enforcement"),
        ("综合查一次", "3 enforcement"),
        ("行政执法三项制度", "3 enforcement"),
        ("应急预案", "4 emergency"),
        ("负责人出庭应诉", "5 oversight"),
        ("接诉即办", "6 disputes"),
        ("枫桥经验", "6 disputes"),
        ("法律明白人", "7 foundations"),
    ],
)
def test_the_terms_of_the_field_stand_in_their_category(groups, term, group):
    assert term in groups[group]
