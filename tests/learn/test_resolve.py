"""One label a sentence, out of those of several people."""

from __future__ import annotations

from pipeline.learn.resolve import resolved
from pipeline.store import ADJUDICATED, Label

SENTENCE = "全年调解矛盾纠纷120件。"


def label(number: int, code: int, annotator: str, text: str = SENTENCE, report: str | None = None, place: int | None = None) -> Label:
    return Label(number, 1, text, code, annotator, "2026-01-01T00:00:00Z", "a.csv", report, place, None, {})


def test_the_majority_wins():
    found = resolved([label(1, 6, "王"), label(2, 5, "李"), label(3, 6, "张")])
    assert [one.code for one in found.settled] == [6]
    assert found.settled[0].label.annotator == "张"
    assert found.conflicts == ()


def test_a_tie_is_left_out_and_listed():
    found = resolved([label(1, 6, "王"), label(2, 5, "李"), label(3, 4, "王", "组织演练3次。")])
    assert [one.code for one in found.settled] == [4]
    assert [[one.code for one in group] for group in found.conflicts] == [[6, 5]]


def test_adjudication_settles_against_any_majority():
    found = resolved([label(1, 5, ADJUDICATED), label(2, 6, "王"), label(3, 6, "李")])
    assert [(one.code, one.adjudicated) for one in found.settled] == [(5, True)]


def test_only_the_last_word_of_each_counts():
    found = resolved([label(1, 5, "王"), label(2, 5, "王"), label(3, 6, "李"), label(4, 6, "王")])
    assert [one.code for one in found.settled] == [6]
    assert len(found.settled[0].labels) == 2


def test_labels_with_and_without_a_place_speak_of_one_sentence():
    found = resolved([label(1, 6, "王", report="青禾区-2023", place=4), label(2, 6, "李")])
    assert len(found.settled) == 1
    assert found.settled[0].label.number == 4


def test_the_same_text_in_two_reports_is_two_sentences():
    found = resolved([label(1, 6, "王", report="甲", place=4), label(2, 5, "李", report="乙", place=4)])
    assert [one.code for one in found.settled] == [6, 5]


def test_no_labels_give_nothing():
    assert resolved([]).settled == resolved([]).conflicts == ()
