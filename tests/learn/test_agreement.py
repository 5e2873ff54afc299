"""Coefficients of agreement, against worked examples of the literature and brute force."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from pipeline.categories import scheme
from pipeline.learn import agreement as measures
from pipeline.learn.agreement import MODEL, Rating, agreement, ratings
from pipeline.learn.disagreements import disagreements, model_codes, write_disagreements
from pipeline.learn.imports import import_labels
from pipeline.learn.places import Places
from pipeline.learn.resolve import resolved
from pipeline.store import ADJUDICATED, Database, Label, Labels, NewLabel

ONCE = np.ones((1, 1))

# Fleiss: Measuring nominal scale agreement among many raters, 1971, table 1: 30 patients, 6 psychiatrists, 5 diagnoses.
PATIENTS = [
    "00060",
    "03003",
    "01401",
    "00006",
    "03030",
    "20400",
    "00402",
    "20310",
    "20040",
    "00006",
    "10050",
    "11040",
    "03300",
    "10050",
    "02031",
    "00501",
    "30012",
    "51000",
    "02040",
    "10203",
    "00006",
    "01050",
    "02013",
    "20040",
    "10041",
    "05010",
    "40002",
    "02040",
    "10500",
    "00006",
]
# Krippendorff: Computing Krippendorff's alpha-reliability, 2011, section C: 4 observers, 12 units.
OBSERVERS = ("123321412...", "1233224125.3", ".3332342251.", "12332441251.")


def as_table(rows):
    return np.array([[int(code) - 1 if code != "." else -1 for code in column] for column in zip(*rows, strict=True)])


def weights(table):
    return np.ones((1, len(table)))


def test_fleiss_1971():
    counts = np.array([[int(digit) for digit in patient] for patient in PATIENTS], float)
    assert counts.sum(axis=0).tolist() == [26, 26, 30, 55, 43]
    assert round(measures.fleiss(counts, weights(counts), 5)[0], 3) == 0.430
    one_by_one = [measures.fleiss(np.stack([6 - counts[:, at], counts[:, at]], axis=1), weights(counts), 2)[0] for at in range(5)]
    assert np.round(one_by_one, 3).tolist() == [0.245, 0.245, 0.52, 0.471, 0.566]


def test_krippendorff_2011():
    table = as_table(OBSERVERS)
    counts = measures.counted(table, 5)
    counts = counts[counts.sum(axis=1) > 1]
    assert round(measures.krippendorff(counts, weights(counts), 5)[0], 3) == 0.743


def rated(table, names="甲乙丙丁"):
    return [Rating({name: int(code) for name, code in zip(names, row, strict=False) if code >= 0}, ()) for row in table]


def test_krippendorff_2011_from_labels():
    found = [one for one in agreement(rated(as_table(OBSERVERS)), range(5)) if one.measure == "krippendorff" and one.code is None]
    (alpha,) = found
    assert (round(alpha.value, 3), alpha.sentences) == (0.743, 11)
    assert alpha.low < alpha.value < alpha.high


tables = st.lists(st.tuples(*[st.integers(0, 3)] * 3), min_size=2, max_size=25)


@given(tables)
def test_cohen_is_that_of_scikit_learn(rows):
    first, second = [row[0] for row in rows], [row[1] for row in rows]
    mine = measures.cohen(np.array(rows)[:, :2], weights(rows), 4)[0]
    if len({*first, *second}) > 1:
        assert mine == pytest.approx(cohen_kappa_score(first, second))
    else:
        assert np.isnan(mine)


def by_hand_fleiss(rows):
    people, codes = len(rows[0]), [code for row in rows for code in row]
    agreeing = np.mean([sum(a == b for a, b in permutations(row, 2)) / (people * (people - 1)) for row in rows])
    chance = sum((codes.count(code) / len(codes)) ** 2 for code in set(codes))
    return (agreeing - chance) / (1 - chance) if chance < 1 else np.nan


def by_hand_alpha(rows):
    rows = [[code for code in row if code >= 0] for row in rows]
    rows = [row for row in rows if len(row) > 1]
    values = [code for row in rows for code in row]
    seen = sum(sum(a != b for a, b in permutations(row, 2)) / (len(row) - 1) for row in rows) / max(len(values), 1)
    chance = sum(a != b for a, b in permutations(values, 2)) / max(len(values) * (len(values) - 1), 1)
    return 1 - seen / chance if chance else np.nan


@given(tables)
def test_fleiss_is_that_by_hand(rows):
    counts = measures.counted(np.array(rows), 4)
    assert measures.fleiss(counts, weights(rows), 4)[0] == pytest.approx(by_hand_fleiss(rows), nan_ok=True)


@given(st.lists(st.tuples(*[st.integers(-1, 3)] * 3), min_size=1, max_size=20))
def test_alpha_is_that_by_hand(rows):
    counts = measures.counted(np.array(rows), 4)
    counts = counts[counts.sum(axis=1) > 1]
    if len(counts):
        assert measures.krippendorff(counts, weights(counts), 4)[0] == pytest.approx(by_hand_alpha(rows), nan_ok=True)


def test_cohen_1960_has_an_interval_that_holds_it():
    cells = {(0, 0): 88, (0, 1): 14, (0, 2): 18, (1, 0): 10, (1, 1): 40, (1, 2): 10, (2, 0): 2, (2, 1): 6, (2, 2): 12}
    table = np.array([pair for pair, count in cells.items() for _ in range(count)])
    found = {one.measure: one for one in agreement(rated(table, "甲乙"), range(3)) if one.code is None}
    assert round(found["cohen"].value, 3) == 0.492
    # The standard error by Fleiss, Cohen and Everitt (1969) is 0.055 or so; the bootstrap's interval is about as wide.
    assert found["cohen"].high - found["cohen"].low == pytest.approx(4 * 0.053, abs=0.05)
    assert found["agreement"].value == pytest.approx(0.7)
    assert agreement(rated(table, "甲乙"), range(3)) == agreement(rated(table, "甲乙"), range(3))


def test_complete_agreement_on_one_code_has_no_kappa():
    assert {one.value for one in agreement(rated(np.zeros((5, 2), int)), range(3)) if one.measure != "agreement"} == {None}


def test_who_adjudicates_is_compared_with_the_model_alone():
    rows = [Rating({"甲": at % 2, ADJUDICATED: 1, MODEL: 1}, ()) for at in range(6)]
    assert {one.between for one in agreement(rows, range(3))} == {(MODEL, "甲"), (MODEL, ADJUDICATED)}


def test_nothing_labelled_gives_nothing():
    assert agreement([], range(8)) == []


# Labels of a corpus, and the file of disagreements

MEDIATION, DRILL, APPEALS = "全年调解矛盾纠纷120件。", "组织防汛应急演练3次。", "受理行政复议案件72件。"


def label(number, text, code, annotator):
    return Label(number, 1, text, code, annotator, "", "", None, None, None, {})


def test_ratings_hold_the_last_word_of_each():
    labels = [label(1, MEDIATION, 5, "王"), label(2, MEDIATION, 6, "李"), label(3, MEDIATION, 6, "王"), label(4, DRILL, 4, "王")]
    assert [rating.codes for rating in ratings(labels)] == [{"李": 6, "王": 6}, {"王": 4}]
    assert [rating.codes for rating in ratings(labels, lambda one: 3)][1] == {"王": 4, MODEL: 3}


def test_what_is_settled_is_no_disagreement():
    labels = [label(1, MEDIATION, 5, "王"), label(2, MEDIATION, 6, "李"), label(3, DRILL, 4, "王"), label(4, DRILL, 3, "李"), label(5, DRILL, 3, ADJUDICATED)]
    assert [rating.labels[0].text for rating in disagreements(ratings(labels))] == [MEDIATION]


def test_one_person_differs_from_the_model():
    labels = [label(1, MEDIATION, 5, "王"), label(2, DRILL, 4, "王")]
    assert [rating.labels[0].text for rating in disagreements(ratings(labels, lambda one: 4))] == [MEDIATION]


def test_disagreements_are_settled_in_a_spreadsheet(tmp_path, report_file):
    from pipeline.corpus import Corpus

    folder, file = tmp_path / "corpus", tmp_path / "settle.xlsx"
    with Corpus.open(folder, create=True) as corpus:
        corpus.add([report_file("青禾区", 2023, APPEALS, MEDIATION, DRILL)], tagger=None)
        numbers = [s.text for s in corpus.report("青禾区-2023").report.sentences]
        at = numbers.index(MEDIATION)
        corpus.labels.add([NewLabel(MEDIATION, 5, "王", "青禾区-2023", at), NewLabel(DRILL, 4, "王")], source="a")
        corpus.labels.add([NewLabel(MEDIATION, 6, "李", "青禾区-2023", at), NewLabel("=1+1" + DRILL, 2, "李")], source="b")
        corpus.labels.add([NewLabel("=1+1" + DRILL, 4, "王")], source="c")
    database = Database(folder / "corpus.sqlite")
    labels, places = Labels(database).current(), Places.of(database)
    database.close()
    assert write_disagreements(ratings(labels, model_codes(labels, places, None)), scheme(), places, file) == 2
    book = openpyxl.load_workbook(file)
    page = book["disagreements"]
    header = [cell.value for cell in page[1]]
    row = dict(zip(header, [cell.value for cell in page[2]], strict=True))
    assert (row["text"], row["label: 王"], row["label: 李"], row["label"], row["annotator"]) == (MEDIATION, "权力监督", "纠纷化解", None, ADJUDICATED)
    assert row["before"].endswith(APPEALS)
    assert (row["after"], row["sentence"]) == (DRILL, at + 1)
    (choices,) = page.data_validations.dataValidation
    assert str(choices.sqref) == f"{page.cell(2, header.index('label') + 1).coordinate}:{page.cell(3, header.index('label') + 1).coordinate}"
    page.cell(2, header.index("label") + 1).value = "纠纷化解"
    page.cell(3, header.index("label") + 1).value = "应急处突"
    book.save(file)
    report = import_labels(folder, [file])
    assert (report.taken, report.errors, report.placed) == (2, (), 1)
    with Corpus.open(folder) as corpus:
        settled = {one.label.text: (one.code, one.adjudicated) for one in resolved(corpus.labels.current()).settled}
    assert settled == {MEDIATION: (6, True), "=1+1" + DRILL: (4, True), DRILL: (4, False)}
    assert import_labels(folder, [file]).already == 2


def test_the_models_word_is_the_corpus_tag_else_that_of_the_sentence_alone(tagger):
    places = Places({("甲", 0): 3}, {("甲", 0): DRILL}, {DRILL: [("甲", 0)]}, {"甲": "甲"})
    labels = [label(1, DRILL, 4, "王"), label(2, MEDIATION, 6, "王")]
    assert [model_codes(labels, places, tagger)(one) for one in labels] == [3, 6]
    assert [model_codes(labels, places, None)(one) for one in labels] == [3, None]
