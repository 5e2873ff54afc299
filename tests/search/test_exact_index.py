"""The exact index survives what happens to its files: kills, damage, other processes, merges."""

from __future__ import annotations

import os
import random
import signal
import sys
import time

import pytest

from pipeline.errors import CorpusBusy, CorpusError
from pipeline.search import parse
from pipeline.search.exact import ExactEngine, writer
from pipeline.search.exact import state as states
from pipeline.search.query import Filter, Not, Phrase
from pipeline.tokenize import Segmenter
from tests.search.conftest import made

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
EVERYTHING = Not(Phrase("没有的话"))


def in_child(work) -> int:
    """Run something in a process of its own; returns the process's id."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        work()
        code = 0
    except BaseException as exc:
        sys.stderr.write(f"{exc!r}\n")
    finally:
        os._exit(code)


def succeeded(child: int) -> bool:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def full(key: int, **options):
    return made(key, *(f"第{key}号报告办理复议案件{i}件,调解{i}件。" for i in range(20)), **options)


# Being killed, and other processes


@needs_fork
def test_killed_at_any_moment_it_opens_with_whole_reports(tmp_path):
    choose = random.Random(2023)

    def work():
        engine = ExactEngine(tmp_path / "index")
        for key in range(max(engine.revisions(), default=0) + 1, 1_000_000):
            engine.update([full(key)], [key - 7], state=key)

    ExactEngine(tmp_path / "index").update([full(1)], [], state=1)
    patience, newest = 0.25, 1
    for _ in range(25):
        child = in_child(work)
        time.sleep(choose.uniform(0.0, patience))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        engine = ExactEngine(tmp_path / "index")
        held = engine.revisions()
        assert engine.state() == max(held)
        assert list(held) == list(range(max(held) - len(held) + 1, max(held) + 1))
        assert engine.find(Phrase("复议案件")).total == 20 * len(held)
        assert engine.find(Filter("district", ("青禾",))).total == 20 * len(held)
        for key in held:
            assert engine.find(Phrase(f"第{key}号")).total == 20
        engine.close()
        # A busy machine may need longer for one step.
        patience, newest = (patience if max(held) > newest else min(2 * patience, 4.0)), max(held)
    assert max(held) > 3


@needs_fork
def test_readers_never_see_half_a_report(tmp_path):
    folder, last = tmp_path / "index", 40
    ExactEngine(folder).update([full(1)], [], state=1)

    def read():
        engine, before = ExactEngine(folder), 0
        while before < last:
            state = engine.state()
            hits = engine.find(parse("复议案件 district:青禾 year:2023"))
            assert hits.total % 20 == 0
            assert hits.total >= 20 * state
            assert hits.facets().district == (("青禾区", hits.total),)
            assert len(hits.ranked(limit=20).ids) == 20
            assert state >= before
            before = state

    readers = [in_child(read) for _ in range(3)]
    engine = ExactEngine(folder)
    for key in range(2, last + 1):
        engine.update([full(key)], [], state=key)
    assert [succeeded(reader) for reader in readers] == [True] * 3


@needs_fork
def test_writers_take_turns(tmp_path):
    def write(first):
        engine = ExactEngine(tmp_path / "index")
        for key in range(first, first + 8):
            engine.update([full(key)], [], patience=60)

    children = [in_child(lambda first=first: write(first)) for first in (100, 200, 300)]
    assert [succeeded(child) for child in children] == [True] * 3
    engine = ExactEngine(tmp_path / "index")
    assert len(engine.revisions()) == 24
    assert engine.find(Phrase("复议案件")).total == 24 * 20


def test_a_second_writer_hears_why(exact, tmp_path):
    exact.update([full(1)], [])
    with states.locked(tmp_path / "index", RuntimeError(), patience=0), pytest.raises(CorpusBusy, match="wait"):
        exact.update([full(2)], [], patience=0.05)
    exact.update([full(2)], [])
    assert len(exact.revisions()) == 2


def test_sees_what_another_has_written(exact, tmp_path):
    exact.update([full(1)], [])
    other = ExactEngine(tmp_path / "index")
    assert other.find(Phrase("第2号")).total == 0
    exact.update([full(2)], [1])
    assert other.find(Phrase("第2号")).total == 20
    assert other.find(Phrase("第1号")).total == 0


# Damage


DAMAGE = {
    "cut": lambda file: file.write_bytes(file.read_bytes()[:-10]),
    "gone": lambda file: file.unlink(),
    "garbage": lambda file: file.write_bytes(b"x" * 100),
}


@pytest.mark.parametrize("kind", DAMAGE)
@pytest.mark.parametrize("files", ["state.json", "*.segment", "*.codes", "*.seg"])
def test_damaged_or_missing_files_are_made_anew(tmp_path, kind, files):
    engine = ExactEngine(tmp_path / "index")
    engine.update([full(1), full(2)], [], state=2)
    engine.close()
    found = list((tmp_path / "index").glob(files))
    assert found
    for file in found:
        DAMAGE[kind](file)
    again = ExactEngine(tmp_path / "index")
    assert again.revisions() == {}
    assert again.state() is None
    again.update([full(1), full(2)], [], state=2)
    assert again.find(parse("复议案件 district:青")).total == 40


@pytest.mark.parametrize("kind", ["cut", "garbage"])
def test_damaged_while_open_it_says_so_and_can_be_made_anew(tmp_path, kind):
    engine = ExactEngine(tmp_path / "index")
    engine.update([full(1)], [])
    DAMAGE[kind](tmp_path / "index" / "state.json")
    with pytest.raises(CorpusError, match="fazhi index"):
        engine.find(Phrase("复议"))
    assert ExactEngine(tmp_path / "index", fresh=True).revisions() == {}


def test_an_index_made_with_another_dictionary_is_refused(tmp_path):
    other = tmp_path / "dictionary.txt"
    other.write_text("复议案件\n", encoding="utf-8")
    engine = ExactEngine(tmp_path / "index")
    engine.update([full(1)], [])
    with pytest.raises(CorpusError, match="fazhi index"):
        ExactEngine(tmp_path / "index", segmenter=Segmenter(other))
    again = ExactEngine(tmp_path / "index", segmenter=Segmenter(other), fresh=True)
    assert again.revisions() == {}
    with pytest.raises(CorpusError, match="fazhi index"):
        engine.find(Phrase("复议"))


def test_opening_and_searching_write_nothing(tmp_path):
    engine = ExactEngine(tmp_path / "none")
    assert engine.find(Phrase("复议")).total == 0
    assert not (tmp_path / "none").exists()


def test_a_folder_that_cannot_be_written_is_an_error_with_a_remedy(tmp_path):
    (tmp_path / "index").write_text("a file where the folder should be")
    with pytest.raises(CorpusError, match="permissions"):
        ExactEngine(tmp_path / "index").update([full(1)], [])


# Merging


def test_small_segments_are_merged_and_old_files_go(exact, tmp_path):
    for key in range(1, 30):
        exact.update([full(key)], [])
    state = states.load(tmp_path / "index")
    assert len(state.segments) <= 4
    assert {path.name for path in (tmp_path / "index").iterdir()} == state.files
    assert exact.find(EVERYTHING).total == 29 * 20


def test_a_large_segment_is_left_alone_by_small_ones(exact, tmp_path, monkeypatch):
    monkeypatch.setattr(writer, "SMALL", 30)
    exact.update([full(key) for key in range(1, 61)], [])
    (large,) = states.load(tmp_path / "index").segments
    for key in range(61, 85):
        exact.update([full(key)], [])
    assert large in states.load(tmp_path / "index").segments
    assert len(states.load(tmp_path / "index").segments) < 12
    assert exact.find(EVERYTHING).total == 84 * 20


def test_what_is_mostly_gone_is_written_again(exact, tmp_path):
    exact.update([full(key) for key in range(1, 11)], [])
    exact.update([], [1, 2, 3, 4])
    assert states.load(tmp_path / "index").segments[0].sentences == 200
    exact.update([], [5, 6, 7])
    assert states.load(tmp_path / "index").segments[0].sentences == 60
    assert sorted(exact.revisions()) == [8, 9, 10]
    assert exact.find(Phrase("第9号")).total == 20


def test_the_history_of_an_index_does_not_show_in_its_answers(tmp_path, monkeypatch):
    monkeypatch.setattr(writer, "SMALL", 30)
    reports = [full(key, year=2020 + key % 3, code=key % 8) for key in range(1, 15)]
    one, many = (ExactEngine(tmp_path / name) for name in ("one", "many"))
    one.update(reports, [])
    for report in reversed([*reports, full(99)]):
        many.update([report], [])
    many.update([full(3, year=2019, revision=50)], [99])
    many.update([reports[2]], [])
    for query in ("复议案件", "复议案件 OR 第3号", "NOT 第3号", "year:2020 调解"):
        mine, other = one.find(parse(query)), many.find(parse(query))
        assert mine.ids.tolist() == other.ids.tolist()
        assert mine.counts.tolist() == other.counts.tolist()
        assert mine.facets() == other.facets()
        for order in ("score", "year", "district", "report"):
            assert mine.ranked(order, 25).ids.tolist() == other.ranked(order, 25).ids.tolist()
            assert mine.ranked(order, 25).scores.tolist() == other.ranked(order, 25).scores.tolist()
    assert one.nearest("第3号报告办理复议", 9).ids.tolist() == many.nearest("第3号报告办理复议", 9).ids.tolist()


def test_many_reports_at_once_become_several_segments(exact, tmp_path, monkeypatch):
    monkeypatch.setattr(writer, "CHARACTERS", 1000)
    monkeypatch.setattr(writer, "LARGEST", 100)
    exact.update([full(key) for key in range(1, 13)], [])
    assert len(states.load(tmp_path / "index").segments) > 3
    assert exact.find(EVERYTHING).total == 240
