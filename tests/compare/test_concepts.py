from __future__ import annotations

from collections import Counter

import pytest

from pipeline.compare.concepts import KINDS, Thesaurus, _read, bare
from pipeline.errors import LabelError


def names(text: str) -> set[str]:
    thesaurus = Thesaurus.default()
    return {thesaurus.concepts[number].name for number in thesaurus.find(text)}


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("行政机关负责人出庭应诉率达到100%", "负责人出庭应诉"),
        ("一把手坐上被告席", "负责人出庭应诉"),
        ("局长走进人民法庭", "负责人出庭应诉"),
        ("首違不罰清單", "轻微免罚"),
        ("“双随机、一公开”抽查", "双随机"),
        ("送法 下乡", "普法"),
        ("互联网＋监管", "互联网监管"),
    ],
)
def test_a_concept_is_found_in_plain_and_figurative_words(text, concept):
    assert concept in names(text)


def test_a_gap_ends_after_eight_characters():
    assert "负责人出庭应诉" not in names("局长在全区大会上讲了很久很久才去法庭")


def test_a_single_character_counts_only_where_no_longer_expression_covers_it():
    assert "考试" in names("认真考了一回")
    assert "考试" not in names("年终绩效考核")


def test_the_thesaurus_is_broad_and_of_every_kind():
    concepts = Thesaurus.default().concepts
    assert len(concepts) >= 400
    assert set(Counter(concept.kind for concept in concepts)) == set(KINDS)
    assert len({(concept.kind, concept.name, concept.subject) for concept in concepts}) == len(concepts)
    assert all(bare(part) for concept in concepts for expression in concept.expressions for part in expression.split("~"))


@pytest.mark.parametrize("line", ["event 演练", "thing", "thing 演练~", "演练"])
def test_a_line_that_is_none_is_named(tmp_path, line):
    path = tmp_path / "concepts.txt"
    path.write_text(f"[应急]\n{line}\n", encoding="utf-8")
    with pytest.raises(LabelError, match=r"concepts\.txt:2"):
        _read(path)
