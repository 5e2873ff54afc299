"""A corpus is searched while others write to it."""

from __future__ import annotations

import os
from collections import Counter

import pytest

from pipeline.corpus import Corpus
from pipeline.errors import CorpusBusy
from pipeline.search.exact import state as states
from tests.search.test_exact_index import in_child, needs_fork, succeeded


def test_while_another_updates_the_index_the_old_one_answers(tmp_path, report_file):
    with Corpus.open(tmp_path / "corpus", create=True) as corpus, Corpus.open(tmp_path / "corpus") as other:
        corpus.add([report_file("青禾区", 2023, "受理行政复议案件12件。")], tagger=None)
        other._database.put(corpus_report(other, report_file("云门县", 2022, "受理行政复议案件3件。")))
        with states.locked(tmp_path / "corpus" / "index", RuntimeError(), patience=0):
            assert corpus.search("行政复议案件").total == 1
        assert corpus.search("行政复议案件").total == 2


def test_an_index_that_was_never_made_is_waited_for(tmp_path, report_file):
    with Corpus.open(tmp_path / "corpus", create=True) as corpus:
        corpus._database.put(corpus_report(corpus, report_file("青禾区", 2023, "受理行政复议案件12件。")))
        with states.locked(tmp_path / "corpus" / "index", RuntimeError(), patience=0), pytest.raises(CorpusBusy, match="wait"):
            corpus.search("行政复议")
        assert corpus.search("行政复议").total == 1


@needs_fork
def test_readers_search_while_a_writer_adds(tmp_path, report_file):
    files = [report_file(f"{place}区", 2023, *(f"{place}办理复议案件{i}件。" for i in range(9))) for place in "青云石清龙白安永大新"]
    with Corpus.open(tmp_path / "corpus", create=True) as corpus:
        corpus.add(files[:1], tagger=None)

    def read():
        with Corpus.open(tmp_path / "corpus") as corpus:
            total = 0
            while total < 90:
                results = corpus.search("办理复议案件", limit=None)
                assert results.total % 9 == 0
                assert results.total >= total
                assert len(results.hits) == results.total
                total = results.total

    readers = [in_child(read) for _ in range(2)]
    with Corpus.open(tmp_path / "corpus") as corpus:
        for file in files[1:]:
            corpus.add([file], tagger=None)
    assert [succeeded(reader) for reader in readers] == [True, True]


def test_a_corpus_that_cannot_be_written_can_be_searched(tmp_path, report_file):
    with Corpus.open(tmp_path / "corpus", create=True) as corpus:
        corpus.add([report_file("青禾区", 2023, "受理行政复议案件12件。")], tagger=None)
    before = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "corpus" / "index").iterdir()}
    with Corpus.open(tmp_path / "corpus") as corpus:
        assert corpus.search("行政复议 district:青禾").total == 1
    assert {path.name: path.stat().st_mtime_ns for path in (tmp_path / "corpus" / "index").iterdir()} == before


def corpus_report(corpus, path):
    from pipeline.batch import read_report
    from pipeline.data import TaggedReport

    return TaggedReport(read_report(os.fspath(path)), ())


@needs_fork
def test_readers_see_whole_reports_while_a_writer_replaces_and_removes(tmp_path, report_file):
    places = "青云石清"
    old = [report_file(f"{place}区", 2023, *(f"{place}办理复议案件{i}件。" for i in range(9))) for place in places]
    with Corpus.open(tmp_path / "corpus", create=True) as corpus:
        corpus.add(old, tagger=None)

    def read():
        with Corpus.open(tmp_path / "corpus") as corpus:
            while not (tmp_path / "done").exists():
                results = corpus.search("办理复议案件", limit=None)
                lines = corpus.kwic("办理复议案件")
                held = Counter(hit.report for hit in results.hits)
                assert len(results.hits) == results.total
                assert len(lines.lines) == lines.occurrences
                assert set(held.values()) <= {9, 5}
                assert set(Counter(line.sentence.report for line in lines.lines).values()) <= {9, 5}

    readers = [in_child(read) for _ in range(3)]
    with Corpus.open(tmp_path / "corpus") as corpus:
        for turn in range(24):
            place = places[turn % 4]
            count = 5 if turn % 8 < 4 else 9
            file = report_file(f"{place}区", 2023, *(f"{place}办理复议案件{i}件。" for i in range(count)))
            corpus.remove([f"{place}区-2023"]) if turn % 3 == 2 else corpus.add([file], tagger=None)
    (tmp_path / "done").touch()
    assert [succeeded(reader) for reader in readers] == [True] * 3


@needs_fork
def test_two_may_add_at_once(tmp_path, report_file):
    files = [report_file(f"{place}区", 2023, *(f"{place}办理复议案件{i}件。" for i in range(9))) for place in "青云石清龙白"]

    def add(some):
        with Corpus.open(tmp_path / "corpus", create=True) as corpus:
            for file in some:
                corpus.add([file], tagger=None)

    writers = [in_child(lambda some=files[number::2]: add(some)) for number in range(2)]
    assert [succeeded(writer) for writer in writers] == [True] * 2
    with Corpus.open(tmp_path / "corpus") as corpus:
        assert corpus.search("办理复议案件").total == 54
        assert corpus.verify("办理复议案件").right
