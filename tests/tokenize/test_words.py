"""The segmenter: whole words, a private tokenizer, a value that travels."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import resources
from pipeline.tokenize import Segmenter
from pipeline.tokenize.words import entries


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("dictionaries")


@pytest.fixture(scope="module")
def plain(folder: Path) -> Segmenter:
    """A segmenter with no domain words."""
    return _segmenter(folder / "plain.txt", "# 空词典\n")


@pytest.fixture(scope="module")
def other(folder: Path) -> Segmenter:
    """A segmenter whose one word no one else knows."""
    return _segmenter(folder / "other.txt", "村口大槐树\n")


def _segmenter(path: Path, content: str) -> Segmenter:
    path.write_text(content, encoding="utf-8")
    return Segmenter(path)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("推进行政复议体制改革", ["推进", "行政复议", "体制改革"]),
        ("落实行政执法三项制度", ["落实", "行政执法三项制度"]),
        ("全面推行“双随机、一公开”监管", ["全面推行", "“", "双随机", "、", "一公开", "”", "监管"]),
        ("负责人出庭应诉12件", ["负责人出庭应诉", "12", "件"]),
        ("政府职能转变到位", ["政府职能", "转变", "到位"]),
        ("初次违法且后果轻微的首违不罚", ["初次违法", "且", "后果", "轻微", "的", "首违不罚"]),
        ("培养法律明白人320名", ["培养", "法律明白人", "320", "名"]),
        ("公布行政规范性文件清理结果", ["公布", "行政规范性文件", "清理", "结果"]),
        ("", []),
    ],
)
def test_terms_of_the_field_stay_whole_and_their_neighbours_too(sentence, expected):
    assert Segmenter.default().words(sentence) == expected


@pytest.mark.parametrize("term", ["法治政府", "合法性审核", "接诉即办", "综合查一次"])
def test_without_the_dictionary_the_terms_fall_apart(plain, term):
    assert len(plain.words(term)) > 1
    assert Segmenter.default().words(term) == [term]


def test_words_join_to_the_sentence_in_the_whole_baseline(baseline):
    segmenter = Segmenter.default()
    assert all("".join(segmenter.words(sentence.text)) == sentence.text for sentence in baseline.sentences)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.sampled_from("法治政府行政复议一公开的，。；“”（）〔2024〕%.A z\n\t　𠮷"), max_size=40))
def test_words_join_to_any_text(text):
    assert "".join(Segmenter.default().words(text)) == text


def test_words_of_another_dictionary_do_not_leak(plain, other):
    sentence = "在村口大槐树下调解"
    assert "村口大槐树" in other.words(sentence)
    assert "村口大槐树" not in plain.words(sentence)
    assert "村口大槐树" not in Segmenter.default().words(sentence)


def test_words_added_to_jieba_itself_do_not_leak():
    import jieba

    jieba.add_word("晒谷场议事")
    try:
        assert "晒谷场议事" not in Segmenter.default().words("晒谷场议事亭")
    finally:
        jieba.del_word("晒谷场议事")


def test_words_of_the_project_do_not_reach_jieba_itself():
    import jieba

    Segmenter.default().words("合法性审核")
    assert "合法性审核" not in jieba.lcut("合法性审核")


def test_a_segmenter_travels_between_processes():
    made = Segmenter.default()
    made.words("行政执法监督")
    again = pickle.loads(pickle.dumps(made))
    assert again == made
    assert again.version == made.version
    assert again.words("行政执法监督") == ["行政执法监督"]


def test_versions_of_two_dictionaries_differ(plain, other):
    assert len({plain.version, other.version, Segmenter.default().version}) == 3


def test_the_version_follows_the_content_and_not_the_place(tmp_path):
    copy = tmp_path / "copy.txt"
    copy.write_bytes((resources.corpus_dir() / "dictionary.txt").read_bytes())
    assert Segmenter(copy).version == Segmenter.default().version


def test_entries_skip_comments_empty_lines_and_what_follows_a_word(tmp_path):
    path = tmp_path / "words.txt"
    path.write_text("# 监督\n府院联动 5 n\n\n检察建议\n", encoding="utf-8")
    assert entries(path) == ["府院联动", "检察建议"]
