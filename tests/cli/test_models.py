"""``fazhi train``, ``fazhi models`` and ``fazhi retag``, as a person types them."""

from __future__ import annotations

import json
import signal
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from pipeline import resources
from pipeline.cli.app import app
from pipeline.corpus import Corpus
from pipeline.learn import Versions, train, training_corpus
from pipeline.learn import sources as sources_module
from pipeline.store.labels import NewLabel
from pipeline.tag import Tagger, files


@pytest.fixture(scope="module")
def small():
    return train(training_corpus()[:5], jobs=1)


@pytest.fixture
def place(tmp_path, monkeypatch, small):
    """A user's folder of models with one candidate."""
    monkeypatch.setenv("FAZHI_MODELS", str(tmp_path / "models"))
    monkeypatch.delenv("FAZHI_CORPUS", raising=False)
    monkeypatch.chdir(tmp_path)
    Versions().save(small)
    return tmp_path


def run(*words, code: int = 0) -> str:
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code == code, f"{words}: {done.output} {done.exception!r}"
    return done.output


def fails(*words) -> str:
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code != 0
    return f"{done.output}{done.exception}"


def shipped() -> str:
    return files.current_folder(resources.models_dir()).name


def test_training_shows_figures_curve_and_comparison_and_what_comes_next(place, monkeypatch):
    monkeypatch.setattr(sources_module, "training_reports", lambda: training_corpus()[:6])
    shown = run("train", "--jobs", "1")
    for words in ("labelled sentences of 7 reports", "macro-F1", "with fewer reports", "McNemar's exact test", "broken", "would be refused"):
        assert words in shown, words
    (version,) = {v.name for v in Versions().list() if not v.shipped} - {next(iter(place.glob("models/*/model.skops"))).parent.name} or {None}
    assert version is None or "candidate" in run("models", "list")
    assert Tagger.load().version == shipped()


def test_labels_of_a_corpus_are_learned_from(place, monkeypatch, report_file, small):
    monkeypatch.setattr(sources_module, "training_reports", lambda: training_corpus()[:5])
    texts = ("受理行政复议案件12件。", "组织防汛应急演练3次。")
    with Corpus.open("fazhi-corpus", create=True) as corpus:
        corpus.add([report_file("青禾区", 2023, *texts)], tagger=None)
        corpus.labels.add([NewLabel(text, code, "甲") for text, code in zip(texts, (6, 4), strict=True)], source="x")
    Versions().promote(small.version, force="a small one to begin with")
    shown = run("train", "--weight", "2", "--no-curve", "--jobs", "1", "--models", "others")
    assert "from: the baseline, the training corpus, the corpus's labels (2)" in shown
    card = next(v for v in Versions(place / "others").list() if not v.shipped)
    data = Versions(place / "others").card(card.name)["data"]
    assert data["own"] == {"sentences": 2, "annotators": 1, "conflicts": 0, "doubly": 0, "weight": 2.0, "alpha": None}
    assert data["neighbours"] > 0
    assert "2 sentences that 1 person labelled" in data["statement"]
    assert "models promote" in shown or "refused" in shown


def test_the_verbs_of_versions(place, small):
    listed = [json.loads(line) for line in run("models", "list", "--format", "jsonl").splitlines()]
    assert {row["version"]: row["state"] for row in listed} == {small.version: "candidate", shipped(): "current, shipped"}
    assert json.loads(run("models", "show", small.version))["version"] == small.version
    assert json.loads(run("models", "show"))["version"] == shipped()
    assert "McNemar's exact test" in run("models", "diff", shipped(), small.version)
    rows = [json.loads(line) for line in run("models", "diff", shipped(), small.version, "--format", "jsonl").splitlines()]
    assert {row["outcome"] for row in rows} >= {"broken"}
    assert "refused" in fails("models", "promote", small.version)
    assert "is the current model (forced: to try)" in run("models", "promote", small.version, "--force", "to try")
    assert "already" in run("models", "promote", small.version)
    run("models", "export", small.version, "out.fazhi-model")
    assert "taken in" in run("models", "import", "out.fazhi-model", "--models", "elsewhere")
    assert shipped() in run("models", "rollback")
    assert Tagger.load().version == shipped()


@pytest.mark.parametrize("version", [None, "small"])
@pytest.mark.parametrize(
    ("language", "words"), [("en", ["Cohen's kappa of ", "cross-validation grouped by report", "scikit-learn"]), ("zh", ["五折交叉验证", "kappa"])]
)
def test_a_methods_paragraph_has_its_numbers(place, small, version, language, words):
    shown = run("models", "show", *([small.version] if version else []), "--methods", language)
    card = small.card if version else files.read_card()
    figures = card["figures"]["full"]
    for word in (*words, f"{figures['macro_f1']:.3f}", f"{figures['macro_f1_interval'][0]:.3f}", card["version"], card["data"]["sha256"][:12]):
        assert word in shown
    assert len(shown.strip().splitlines()) == 1


def test_a_card_that_lacks_its_parts_is_told(place, small):
    (place / "models" / small.version / "card.json").write_text('{"version": "x"}', encoding="utf-8")
    assert "train the model again" in fails("models", "show", small.version, "--methods", "en")
    assert "card unreadable" in run("models", "list", "--format", "csv")


@pytest.fixture
def corpus(place, report_file):
    with Corpus.open(place / "corpus", create=True) as opened:
        texts = ["受理行政复议案件12件。", "组织防汛应急演练3次。", "基层治理走上新台阶。", "小巷里亮起一盏灯。", "干部下沉一线。"]
        reports = [report_file(f"{name}区", 2023, *texts[i % 3 :], f"{name}区办结事项{i}件。") for i, name in enumerate("甲乙丙丁戊己庚")]
        opened.add([*reports, resources.baseline_path()], tagger=Tagger.load())
    return place / "corpus"


def test_retagging_brings_every_report_up_and_says_what_changed(corpus, small):
    Versions().promote(small.version, force="to retag")
    with Corpus.open(corpus) as opened:
        before = {s.id: s.code for s in opened.sentences()}
    rows = [json.loads(line) for line in run("retag", "--corpus", corpus, "--format", "jsonl").splitlines() if line.startswith("{")]
    with Corpus.open(corpus) as opened:
        after = {s.id: (s.code, s.model) for s in opened.sentences()}
        assert {report.model for report in opened.reports()} == {small.version}
        found = opened.search("category:disputes", limit=None)
        assert found.total == sum(code == 6 for code, _ in after.values())
    assert before.keys() == after.keys()
    assert len(rows) == sum(before[key] != after[key][0] for key in before)
    assert all(row["old_model"] == shipped() and row["new_model"] == small.version for row in rows)
    assert "8 had its tags already" in run("retag", "--corpus", corpus)
    assert "8 reports tagged anew" in run("retag", "--corpus", corpus, "--model", shipped())


RETAGGING = """
import os, signal, sys
from pipeline.corpus import Corpus
from pipeline.tag import Tagger
def progress(done, total):
    if done == int(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)
with Corpus.open(sys.argv[1]) as corpus:
    corpus.retag(Tagger.load(sys.argv[2]), progress=progress)
"""


def test_retagging_goes_on_where_it_was_killed(corpus, small):
    done = subprocess.run([sys.executable, "-c", RETAGGING, str(corpus), small.version, "3"], check=False)
    assert done.returncode == -signal.SIGKILL
    with Corpus.open(corpus) as opened:
        assert sorted(report.model for report in opened.reports()) == sorted([small.version] * 3 + [shipped()] * 5)
        for report in opened.reports():
            assert {s.model for s in opened.sentences() if s.report == report.name} == {report.model}
        rest = opened.retag(Tagger.load(small.version))
        assert (rest.reports, rest.unchanged) == (5, 3)
        assert opened.search("category:none", limit=None).total == sum(s.code == 0 for s in opened.sentences())


def test_a_model_is_named_by_its_version_everywhere(corpus, small, place):
    report = str(resources.baseline_path())
    assert small.version in run("tag", report, "--model", small.version)
    assert small.version in run("explain", "--sentence", "受理行政复议案件12件。", "--model", small.version)
    assert small.version in run("evaluate", resources.corpus_dir() / "baseline-labels.jsonl", "--model", small.version)
    run("add", report, "--corpus", place / "other", "--model", small.version)
    with Corpus.open(place / "other") as opened:
        assert {r.model for r in opened.reports()} == {small.version}
