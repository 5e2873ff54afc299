"""A corpus's own labels: every one in its place, and none twice."""

from __future__ import annotations

import dataclasses

import pytest

from pipeline.corpus import Corpus
from pipeline.errors import LabelError
from pipeline.learn import collect, own_labels, own_reports
from pipeline.learn.labelled import UNLABELLED, LabelledReport, baseline_report
from pipeline.learn.resolve import resolved
from pipeline.learn.sources import merged
from pipeline.store.labels import ADJUDICATED, NewLabel
from pipeline.tag import Tagger

SENTENCES = ("受理行政复议案件12件。", "组织防汛应急演练3次。", "开展人民调解40起。")


@pytest.fixture
def corpus(tmp_path, report_file):
    with Corpus.open(tmp_path / "corpus", create=True) as opened:
        opened.add([report_file("青禾区", 2023, *SENTENCES), report_file("白石县", 2022, "审核规范性文件9件。", SENTENCES[0])], tagger=None)
        yield opened


def own(corpus) -> list[LabelledReport]:
    return own_reports(corpus, resolved(corpus.labels.all()))


def place(corpus, report: str, text: str) -> int:
    return next(s.number for s in corpus.sentences() if s.report == report and s.text == text)


def test_a_labelled_sentence_stands_among_its_neighbours(corpus):
    corpus.labels.add([NewLabel(SENTENCES[1], 4, "甲", report="青禾区-2023", number=place(corpus, "青禾区-2023", SENTENCES[1]))], source="x")
    (report,) = own(corpus)
    assert report.name == "青禾区-2023"
    assert [s.label for s in report.sentences if s.text in SENTENCES] == [UNLABELLED, 4, UNLABELLED]
    labelled = next(s for s in report.sentences if s.label == 4)
    assert labelled.headings[-1] == "(一)健全依法行政制度体系"
    assert labelled.role == "measures"


def test_a_number_that_no_longer_holds_the_text_gives_way_to_the_text(corpus):
    corpus.labels.add([NewLabel(SENTENCES[2], 6, "甲", report="青禾区-2023", number=0)], source="x")
    (report,) = own(corpus)
    assert [s.text for s in report.sentences if s.label >= 0] == [SENTENCES[2]]


def test_without_a_place_the_text_is_looked_for(corpus):
    corpus.labels.add(
        [NewLabel("审核规范性文件 ９件。", 2, "甲"), NewLabel("句子不在任何报告中。", 0, "甲"), NewLabel("又一句。", 1, "甲", report="别的报告")], source="x"
    )
    found = {report.name: report for report in own(corpus)}
    assert [s.text for s in found["白石县-2022"].sentences if s.label >= 0] == ["审核规范性文件9件。"]
    assert [s.text for s in found["别的报告"].sentences] == ["又一句。"]
    assert sum(len(report.sentences) == 1 for report in found.values()) == 2


def test_the_order_of_rows_without_a_place_says_nothing(corpus):
    """A table sorted by category would give every category away."""
    texts = [f"{subject}工作{i}项{i * 7}次。" for subject in ("复议", "应急") for i in range(8)]
    corpus.labels.add([NewLabel(text, 6 if i < 8 else 4, "甲", report="别的报告") for i, text in enumerate(texts)], source="x")
    (report,) = own(corpus)
    turned = dataclasses.replace(report, sentences=tuple(reversed(report.sentences)))
    model = Tagger.load().shipped.model
    forth, back = (model.predict_log_proba(each.outline) for each in (report, turned))
    assert forth == pytest.approx(back[::-1], abs=1e-5)


def test_conflicts_are_left_out_and_counted(corpus):
    labels = [NewLabel(SENTENCES[0], code, who, report="青禾区-2023") for code, who in ((6, "甲"), (3, "乙"))]
    labels += [NewLabel(SENTENCES[1], 4, who, report="青禾区-2023") for who in ("甲", "乙", "丙")]
    corpus.labels.add(labels, source="x")
    found = own_labels(corpus, corpus.labels)
    assert (found.sentences, found.annotators, found.conflicts, found.doubly) == (1, 3, 1, 2)
    assert found.alpha < 1
    corpus.labels.add([NewLabel(SENTENCES[0], 6, ADJUDICATED, report="青禾区-2023")], source="y")
    found = own_labels(corpus, corpus.labels)
    assert (found.sentences, found.conflicts, found.annotators) == (2, 0, 3)


def test_a_text_with_breaks_of_line_stays_one_sentence(corpus):
    corpus.labels.add([NewLabel("句子\n不在任何\r\n报告中。", 1, "甲"), NewLabel("另一句。", 2, "甲")], source="x")
    assert [s.text for report in own(corpus) for s in report.sentences] == ["句子 不在任何 报告中。", "另一句。"]


def test_own_labels_take_the_place_of_those_of_the_same_sentence():
    baseline = baseline_report()
    sentences = tuple(dataclasses.replace(s, label=5 if i == 3 else UNLABELLED) for i, s in enumerate(baseline.sentences))
    mine = dataclasses.replace(baseline, name="mine", sentences=sentences)
    single = LabelledReport("label-1", "", baseline.metadata, (dataclasses.replace(baseline.sentences[9], label=1, headings=()),))
    (one,) = merged([baseline], [mine, single])
    assert one.name == baseline.name
    changed = {i: s.label for i, (s, old) in enumerate(zip(one.sentences, baseline.sentences, strict=True)) if s != old}
    assert set(changed) <= {3, 9}
    assert (one.sentences[3].label, one.sentences[9].label) == (5, 1)


def test_names_that_are_taken_get_a_number():
    baseline = baseline_report()
    shorter = dataclasses.replace(baseline, sentences=baseline.sentences[:5])
    assert [report.name for report in merged([baseline], [shorter])] == ["daxing-2023", "daxing-2023-2"]


def test_only_what_is_asked_for_is_learned_from(corpus):
    corpus.labels.add([NewLabel(SENTENCES[0], 6, "甲", report="青禾区-2023")], source="x")
    found = own_labels(corpus, corpus.labels)
    assert collect(own=found).sources == ("baseline", "corpus", "labels")
    assert [report.name for report in collect(["labels"], own=found).reports] == ["青禾区-2023"]
    assert len(collect(["baseline"], own=found).reports) == 1
    weighted = collect(["labels"], own=found, weight=3.0)
    assert {s.weight for s in weighted.reports[0].sentences} == {1.0, 3.0}
    assert weighted.own.weight == 3.0


def test_nothing_to_learn_from_is_told():
    with pytest.raises(LabelError, match="no labels"):
        collect(["labels"])
    with pytest.raises(LabelError, match="not above 0"):
        collect(weight=0)
