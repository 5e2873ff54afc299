"""Labels are added, superseded and taken back, and never lost."""

from __future__ import annotations

import os
import pickle
import signal
import sqlite3
import subprocess
import sys
import threading
import time

import pytest

from pipeline.corpus import Corpus
from pipeline.errors import LabelError, NotACorpus
from pipeline.store import Database, Labels, NewLabel, schema, sentence_key
from pipeline.store.labels import latest

MEDIATION = "全年调解矛盾纠纷120件。"
DRILL = "组织防汛演练3次。"


@pytest.fixture
def database(tmp_path):
    opened = Database(tmp_path / "corpus.sqlite", create=True)
    yield opened
    opened.close()


@pytest.fixture
def labels(database):
    return Labels(database)


def test_what_was_added_comes_back(labels):
    batch = labels.add([NewLabel(MEDIATION, 6, "王", "青禾区-2023", 4, "random", {"难度": "高"})], source="王.xlsx")
    (label,) = labels.all()
    assert (label.batch, label.text, label.code, label.annotator, label.source) == (batch, MEDIATION, 6, "王", "王.xlsx")
    assert (label.report, label.number, label.slice, label.extra) == ("青禾区-2023", 4, "random", {"难度": "高"})
    assert label.at.endswith("Z")
    assert len(label.at) == 20


def test_a_later_label_of_the_same_annotator_supersedes_and_the_earlier_is_kept(labels):
    labels.add([NewLabel(MEDIATION, 5, "王"), NewLabel(MEDIATION, 5, "李")], source="a")
    labels.add([NewLabel(MEDIATION, 6, "王")], source="b")
    assert [(label.annotator, label.code) for label in labels.current()] == [("李", 5), ("王", 6)]
    assert len(labels.all()) == 3


def test_undo_brings_back_what_held_before(labels):
    labels.add([NewLabel(MEDIATION, 5, "王")], source="a")
    second = labels.add([NewLabel(MEDIATION, 6, "王")], source="b")
    undone = labels.undo()
    assert (undone.id, undone.source, undone.labels, undone.annotators) == (second, "b", 1, ("王",))
    assert undone.undone is not None
    assert [label.code for label in labels.current()] == [5]
    assert [when is None for _, when in labels.history()] == [True, False]


def test_undo_says_what_it_cannot_take_back(labels):
    with pytest.raises(LabelError, match="no batch to undo"):
        labels.undo()
    batch = labels.add([NewLabel(MEDIATION, 5, "王")], source="a")
    with pytest.raises(LabelError, match="no batch 99"):
        labels.undo(99)
    labels.undo(batch)
    with pytest.raises(LabelError, match="undone already"):
        labels.undo(batch)


def test_undone_batches_are_listed(labels):
    first = labels.add([NewLabel(MEDIATION, 5, "王"), NewLabel(DRILL, 4, "李")], source="a")
    labels.add([NewLabel(DRILL, 4, "王")], source="b")
    labels.undo(first)
    assert [(b.source, b.annotators, b.labels, b.undone is None) for b in labels.batches()] == [("a", ("李", "王"), 2, False), ("b", ("王",), 1, True)]


def test_the_state_changes_with_every_change_and_the_corpus_does_not(labels, database):
    states, before = [labels.state()], database.state()
    labels.add([NewLabel(MEDIATION, 5, "王")], source="a")
    states.append(labels.state())
    labels.undo()
    states.append(labels.state())
    assert len(set(states)) == 3
    assert database.state() == before


def test_nothing_is_added_to_labels_that_changed_meanwhile(labels):
    state = labels.state()
    labels.add([NewLabel(MEDIATION, 5, "王")], source="a")
    assert labels.add_unless_changed([("b", [NewLabel(DRILL, 4, "王")])], state=state) is None
    assert len(labels.all()) == 1
    assert labels.add_unless_changed([("b", [NewLabel(DRILL, 4, "王")]), ("c", [NewLabel(DRILL, 3, "李")])], state=labels.state()) == [2, 3]


def test_a_corpus_without_reports_holds_labels(tmp_path):
    with Corpus.open(tmp_path / "corpus", create=True) as corpus:
        corpus.labels.add([NewLabel(MEDIATION, 6, "王")], source="a")
        assert corpus.search("调解").total == 0
    with Corpus.open(tmp_path / "corpus") as corpus:
        assert [label.code for label in corpus.labels.all()] == [6]


def test_labels_outlive_their_report(tmp_path, report_file):
    with Corpus.open(tmp_path / "corpus", create=True) as corpus:
        corpus.add([report_file("青禾区", 2023, MEDIATION)], tagger=None)
        corpus.labels.add([NewLabel(MEDIATION, 6, "王", "青禾区-2023", 1)], source="a")
        corpus.remove(["青禾区-2023"])
        assert corpus.labels.all()[0].report == "青禾区-2023"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ((MEDIATION,), ("全年调解矛盾纠纷１２０件。 ",), True),
        ((MEDIATION,), (DRILL,), False),
        ((MEDIATION, "甲", 3), (MEDIATION, "甲", 4), False),
        ((MEDIATION, "甲", 3), (DRILL, "甲", 3), True),
        ((MEDIATION, "甲", 3), (MEDIATION, "乙", 3), False),
        ((MEDIATION, "甲", None), (MEDIATION, "乙", None), False),
    ],
)
def test_which_sentences_are_the_same(one, other, same):
    assert (sentence_key(*one) == sentence_key(*other)) is same


def test_a_label_without_a_place_joins_the_one_sentence_of_its_text():
    placed, bare = NewLabel(MEDIATION, 6, "王", "甲", 3), NewLabel(MEDIATION, 5, "王")
    assert latest([placed, bare]) == [bare]
    named = NewLabel(MEDIATION, 5, "王", "甲")
    assert latest([placed, named]) == [named]
    assert latest([placed, named, bare]) == [bare]


def test_a_label_without_a_place_joins_none_of_several_sentences():
    twice = [NewLabel(DRILL, 4, "王", "甲", 3), NewLabel(DRILL, 4, "王", "乙", 8), NewLabel(DRILL, 3, "王")]
    assert latest(twice) == twice


def test_labels_travel_to_other_processes(labels):
    labels.add([NewLabel(MEDIATION, 6, "王")], source="a")
    assert pickle.loads(pickle.dumps(labels.all())) == labels.all()


def test_a_corpus_of_the_format_before_takes_labels(tmp_path):
    path = tmp_path / "corpus.sqlite"
    connection = sqlite3.connect(path)
    connection.executescript(schema._REPORTS)
    connection.execute("insert into meta values ('format', '1')")
    connection.commit()
    connection.close()
    opened = Database(path)
    Labels(opened).add([NewLabel(MEDIATION, 6, "王")], source="a")
    assert opened.file.counted("format") == schema.FORMAT
    opened.close()


def test_a_corpus_whose_format_is_no_number_is_refused(tmp_path):
    Corpus.open(tmp_path, create=True).close()
    connection = sqlite3.connect(tmp_path / "corpus.sqlite")
    connection.execute("update meta set value = 'zwei' where key = 'format'")
    connection.commit()
    connection.close()
    with pytest.raises(NotACorpus, match="format none"):
        Corpus.open(tmp_path)


def test_a_file_whose_making_was_broken_off_is_made(tmp_path):
    (tmp_path / "corpus.sqlite").write_bytes(b"")
    with Corpus.open(tmp_path) as corpus:
        assert corpus.labels.all() == []


def test_evaluation_sets_are_remembered_once(labels):
    for _ in range(2):
        labels.remember_evaluation("dev", "ab" * 32, [b"1" * 8, b"2" * 8, b"1" * 8])
    assert labels.evaluation_hashes() == {b"1" * 8, b"2" * 8}


def test_threads_that_share_a_corpus_take_turns(labels):
    def work(name: str) -> None:
        for _ in range(20):
            labels.add([NewLabel(MEDIATION, 6, name)], source=name)

    threads = [threading.Thread(target=work, args=(name,)) for name in "王李张"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(labels.all()) == 60
    assert len({batch.id for batch in labels.batches()}) == 60


_ADD = """
import sys
from pathlib import Path
from pipeline.store import Database, Labels, NewLabel
database = Database(Path(sys.argv[1]), create=True)
print("open", flush=True)
sys.stdin.readline()
Labels(database).add([NewLabel(f"第{i}号调解120件。", 6, sys.argv[2]) for i in range(int(sys.argv[3]))], source=sys.argv[2])
"""


def _adding(path, name: str, count: int) -> subprocess.Popen[bytes]:
    process = subprocess.Popen([sys.executable, "-c", _ADD, str(path), name, str(count)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    return process


def test_two_processes_at_once_both_land(tmp_path):
    path = tmp_path / "corpus.sqlite"
    both = [_adding(path, name, 5000) for name in ("王", "李")]
    for process in both:
        process.communicate(b"\n")
    opened = Database(path)
    assert sorted((b.source, b.labels) for b in Labels(opened).batches()) == [("李", 5000), ("王", 5000)]
    opened.close()


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_killed_midway_all_or_nothing_is_there(tmp_path):
    path, count = tmp_path / "corpus.sqlite", 20_000
    for delay in (0.0, 0.02, 0.05, 0.08, 0.12, 0.2):
        process = _adding(path, f"{delay}", count)
        assert process.stdin is not None
        process.stdin.write(b"\n")
        process.stdin.flush()
        time.sleep(delay)
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
    opened = Database(path)
    assert all(batch.labels == count for batch in Labels(opened).batches())
    assert len(Labels(opened).all()) == count * len(Labels(opened).batches())
    opened.close()
