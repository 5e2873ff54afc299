"""A corpus survives what happens to it: runs again, changed and bad files, and being killed at any moment."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.batch import read_report
from pipeline.corpus import Corpus
from pipeline.errors import CorpusError, NotACorpus, QueryError


@pytest.fixture
def corpus(tmp_path):
    with Corpus.open(tmp_path / "corpus", create=True) as opened:
        yield opened


def texts(corpus: Corpus, query: str) -> list[str]:
    return [hit.sentence.text for hit in corpus.search(query, limit=None).hits]


def test_adding_the_same_file_again_changes_nothing(corpus, report_file):
    file = report_file("青禾区", 2023, "受理行政复议案件12件。")
    assert corpus.add([file], tagger=None).new == ("青禾区-2023",)
    before = corpus.reports()
    again = corpus.add([file], tagger=None)
    assert (again.new, again.replaced, again.unchanged) == ((), (), ("青禾区-2023",))
    assert corpus.reports() == before


def test_the_same_content_under_another_name_is_not_stored_twice(corpus, report_file, tmp_path):
    file = report_file("青禾区", 2023, "受理行政复议案件12件。")
    copy = tmp_path / "copy.txt"
    copy.write_bytes(file.read_bytes())
    added = corpus.add([file, copy], tagger=None)
    assert (len(added.new), len(added.unchanged), len(corpus.reports())) == (1, 1, 1)


def test_a_changed_file_replaces_its_report(corpus, report_file):
    file = report_file("青禾区", 2023, "受理行政复议案件12件。")
    corpus.add([file], tagger=None)
    report_file("青禾区", 2023, "受理行政复议案件99件。")
    assert corpus.add([file], tagger=None).replaced == ("青禾区-2023",)
    assert texts(corpus, "行政复议") == ["受理行政复议案件99件。"]
    assert corpus.search("12件").total == 0


def test_files_of_one_name_get_names_of_their_own(corpus, tmp_path, report_file):
    file = report_file("青禾区", 2023, "受理行政复议案件12件。", name="report.txt")
    for year in ("2022", "2023"):
        (tmp_path / year).mkdir()
        (tmp_path / year / "report.txt").write_text(file.read_text(encoding="utf-8").replace("12件", f"{year}件"), encoding="utf-8")
    added = corpus.add([tmp_path / "2022", tmp_path / "2023"], tagger=None)
    assert added.new == ("report", "2023/report")


def test_a_bad_file_does_not_stop_the_others(corpus, tmp_path, report_file):
    empty = tmp_path / "空.txt"
    empty.write_bytes(b"")
    added = corpus.add([empty, report_file("青禾区", 2023, "受理行政复议案件12件。")], tagger=None)
    assert added.new == ("青禾区-2023",)
    assert [failure.path for failure in added.failures] == [str(empty)]
    assert "empty" in added.failures[0].reason


def test_removing_takes_all_or_nothing(corpus, report_file):
    corpus.add([report_file("青禾区", 2023, "受理行政复议案件12件。"), report_file("云门县", 2022, "开展人民调解。")], tagger=None)
    with pytest.raises(CorpusError, match="fazhi reports"):
        corpus.remove(["青禾区-2023", "没有"])
    assert len(corpus.reports()) == 2
    corpus.remove(["青禾区-2023"])
    assert corpus.search("行政复议").total == 0
    assert corpus.search("人民调解").total == 1


def test_a_report_comes_back_as_it_went_in(corpus, baseline):
    corpus.add([baseline.path], tagger=None)
    assert corpus.report(baseline.name).report.sentences == baseline.sentences
    assert corpus.report(baseline.name).report.sections == baseline.sections
    assert corpus.report(baseline.name).report.paragraphs == baseline.paragraphs


def test_totals_are_exact_and_limits_only_cut(corpus, baseline):
    corpus.add([baseline.path], tagger=None)
    scan = sum("监督" in sentence.text for sentence in baseline.sentences)
    assert corpus.search("监督", limit=1).total == corpus.search("监督", limit=None).total == scan
    assert len(corpus.search("监督", limit=1).hits) == 1
    assert corpus.search("监督", limit=0).hits == ()
    with pytest.raises(QueryError):
        corpus.search("监督", limit=-1)


def test_matches_are_offsets_in_the_sentence(corpus, baseline):
    corpus.add([baseline.path], tagger=None)
    for hit in corpus.search("“监督”", limit=None).hits:
        assert hit.matches
        assert all(hit.sentence.text[a:b] == "监督" for a, b in hit.matches)


def test_the_index_is_made_anew_from_the_database(corpus, report_file, tmp_path):
    corpus.add([report_file("青禾区", 2023, "受理行政复议案件12件。")], tagger=None)
    corpus.close()
    for file in (tmp_path / "corpus" / "index").iterdir():
        file.unlink()
    with Corpus.open(tmp_path / "corpus") as again:
        assert again.search("行政复议").total == 1
        again.rebuild_index()
        assert again.search("行政复议").total == 1


def test_what_another_process_added_is_found(corpus, report_file, tmp_path):
    corpus.add([report_file("青禾区", 2023, "受理行政复议案件12件。")], tagger=None)
    with Corpus.open(tmp_path / "corpus") as other:
        other.add([report_file("云门县", 2022, "受理行政复议案件3件。")], tagger=None)
    assert corpus.search("行政复议").total == 2


def test_says_what_is_no_corpus(tmp_path):
    with pytest.raises(NotACorpus, match="fazhi add"):
        Corpus.open(tmp_path / "none")
    (tmp_path / "corpus.sqlite").write_bytes(b"not a database at all, but long enough to look at" * 50)
    with pytest.raises(NotACorpus, match="damaged"):
        Corpus.open(tmp_path)


def test_says_that_a_corpus_is_of_another_format(tmp_path):
    Corpus.open(tmp_path, create=True).close()
    connection = sqlite3.connect(tmp_path / "corpus.sqlite")
    connection.execute("update meta set value = '99' where key = 'format'")
    connection.commit()
    connection.close()
    with pytest.raises(NotACorpus, match="format 99"):
        Corpus.open(tmp_path)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.sampled_from(["青禾区", "云门县", "石峡镇"]), min_size=1, max_size=6), st.data())
def test_any_order_of_adds_and_removals_ends_in_what_is_there(tmp_path_factory, places, data):
    folder = tmp_path_factory.mktemp("steps")
    there: dict[str, str] = {}
    with Corpus.open(folder / "corpus", create=True) as corpus:
        for step, place in enumerate(places):
            if place in there and data.draw(st.booleans()):
                corpus.remove([place])
                del there[place]
                continue
            sentence = f"办理复议案件{step}件。"
            (folder / f"{place}.txt").write_text(f"{place}2023年法治政府建设情况报告\n现将情况报告如下。\n一、举措\n{sentence}\n", encoding="utf-8")
            corpus.add([folder / f"{place}.txt"], tagger=None)
            there[place] = sentence
        assert sorted(texts(corpus, "复议案件")) == sorted(there.values())
        assert [report.name for report in corpus.reports()] == sorted(there)


# Being killed

KILLS = 50
_ADD = "import sys; from pipeline.corpus import Corpus; Corpus.open(sys.argv[1], create=True).add(sys.argv[2:], tagger=None)"


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_killed_at_any_moment_a_corpus_opens_and_holds_whole_reports(tmp_path):
    files = []
    for number in range(12):
        file = tmp_path / f"r{number:02d}.txt"
        sentences = "".join(f"第{number}号报告办理复议案件{k}件。" for k in range(40))
        file.write_text(f"青禾区{2010 + number}年法治政府建设情况报告\n现将有关情况报告如下。\n一、主要举措\n{sentences}\n", encoding="utf-8")
        files.append(str(file))
    whole = {Path(file).stem: len(read_report(file).sentences) for file in files}
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", _ADD, str(tmp_path / "timing"), *files], check=True)
    duration = time.perf_counter() - start
    choose = random.Random(2023)
    folder, rounds, survivors = tmp_path / "corpus0", 0, []
    for kill in range(KILLS):
        process = subprocess.Popen([sys.executable, "-c", _ADD, str(folder), *files])
        try:
            process.wait(timeout=duration * choose.uniform(0.05, 1.0))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        process.wait()
        if (folder / "corpus.sqlite").exists():
            with Corpus.open(folder, create=True) as corpus:
                held = {report.name: report.sentences for report in corpus.reports()}
                assert held.items() <= whole.items()
                assert corpus.search("复议案件").total == sum(count - 1 for count in held.values())
                survivors.append(len(held))
                if len(held) == len(whole):
                    rounds, folder = rounds + 1, tmp_path / f"corpus{kill + 1}"
    with Corpus.open(folder, create=True) as corpus:
        corpus.add(files, tagger=None)
        assert {report.name: report.sentences for report in corpus.reports()} == whole
        assert corpus.search("复议案件").total == sum(count - 1 for count in whole.values())
    assert len(survivors) > 5
    assert os.listdir(folder)
