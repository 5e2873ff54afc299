"""Schemes of a researcher's own, from two to thirty categories, by the same commands as the seven."""

from __future__ import annotations

import csv
import json
import random

import pytest
from typer.testing import CliRunner

from pipeline import categories
from pipeline.categories import Scheme
from pipeline.cli.app import app
from pipeline.corpus import Corpus
from pipeline.errors import CorpusError, LabelError
from pipeline.tag import Tagger

SUBJECTS = [
    "复议",
    "调解",
    "应急",
    "执法",
    "公开",
    "审计",
    "普法",
    "立法",
    "合同",
    "信访",
    "公证",
    "仲裁",
    "许可",
    "税收",
    "养老",
    "教育",
    "医疗",
    "住房",
    "交通",
    "水利",
    "农业",
    "林业",
    "环保",
    "统计",
    "档案",
    "人事",
    "财政",
    "消防",
    "旅游",
    "体育",
]
VERBS = ("全年办理{}事项{}件。", "组织{}专题培训{}次。", "修订{}工作规程{}项。", "开展{}专项检查{}轮。", "{}工作群众满意率达{}%。")


def scheme_of(count: int) -> Scheme:
    entries = [{"code": i + 1, "slug": f"topic-{i + 1}", "name": f"{SUBJECTS[i]}类事项", "short": SUBJECTS[i]} for i in range(count)]
    return Scheme.from_dict({"scheme": f"topics-{count}", "category": entries})


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setenv("FAZHI_MODELS", str(tmp_path / "models"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str) -> str:
    done = CliRunner().invoke(app, list(words))
    assert done.exit_code == 0, f"{words}: {done.output} {done.exception!r}"
    return done.output


def labelled_table(path, count: int, per: int, reports: int = 6) -> None:
    dice = random.Random(count)
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["句子", "类别", "编码员", "报告"])
        for number in range(per * (count + 1)):
            code = number % (count + 1)
            text = dice.choice(VERBS).format(SUBJECTS[code - 1], dice.randint(2, 99)) if code else f"现将第{dice.randint(1, 999)}号情况报告如下。"
            rows.writerow([text, SUBJECTS[code - 1] if code else "无", "甲", f"报告{number % reports}"])


@pytest.mark.parametrize(("count", "per"), [(3, 40), (30, 8)])
def test_a_model_is_trained_for_a_scheme_of_ones_own_from_labels_alone(place, report_file, count, per):
    scheme = scheme_of(count)
    (place / "mine.toml").write_text(categories.dump(scheme), encoding="utf-8")
    labelled_table(place / "labels.csv", count, per)
    run("labels", "import", "labels.csv", "--corpus", "corpus", "--scheme", "mine.toml")
    run("add", str(report_file("青禾区", 2023, "全年办理调解事项12件。", "组织应急专题培训3次。", "开展执法专项检查9轮。")), "--corpus", "corpus")

    shown = run("train", "--corpus", "corpus", "--no-curve", "--jobs", "1")
    version = next((place / "models").glob(f"topics-{count}-*")).name
    assert version in shown
    assert "调解" in shown
    run("models", "promote", version)
    assert version in run("retag", "--corpus", "corpus")

    tagger = Tagger.current(scheme)
    assert tagger.scheme == scheme
    assert [tag.category for tag in tagger.tag_sentences(["全年办理复议事项88件。", "组织应急专题培训21次。"])] == ["topic-1", "topic-3"]
    with Corpus.open("corpus") as corpus:
        assert corpus.scheme == scheme
        assert {s.category for s in corpus.sentences() if s.text.startswith("全年办理调解")} == {"topic-2"}
        assert corpus.search("类别:调解").total == corpus.search("category:topic-2").total == 1
    hits = [json.loads(line) for line in run("search", "类别:调解", "--corpus", "corpus", "--format", "jsonl").splitlines() if line.startswith("{")]
    assert [hit["category"] for hit in hits] == ["topic-2"]
    assert f"{count}个类别(topics-{count})" in run("models", "show", version, "--methods", "zh")
    # The seven go on as they were.
    assert Tagger.load().scheme == categories.default() == categories.scheme()


def test_a_corpus_takes_no_model_of_other_categories(place, report_file, tagger):
    with Corpus.open(place / "corpus", create=True) as corpus:
        corpus.use_scheme(scheme_of(3))
        with pytest.raises(CorpusError, match="categories"):
            corpus.add([report_file("青禾区", 2023, "受理行政复议案件12件。")], tagger=tagger)


def test_a_scheme_is_not_pulled_from_under_tags_or_labels(place, report_file, tagger):
    from pipeline.store.labels import NewLabel

    with Corpus.open(place / "corpus", create=True) as corpus:
        corpus.add([report_file("青禾区", 2023, "受理行政复议案件12件。")], tagger=tagger)
        with pytest.raises(CorpusError, match="tagged with the scheme fazhi-7"):
            corpus.use_scheme(scheme_of(3))
        corpus.labels.add([NewLabel("受理行政复议案件12件。", 6, "甲")], source="x")
        with pytest.raises(CorpusError, match="labels of the scheme fazhi-7"):
            corpus.use_scheme(scheme_of(3), drop_tags=True)
        assert corpus.scheme == categories.default()
    assert not (place / "corpus" / "categories.toml").exists()


def test_the_seven_are_learned_with_the_seven_alone(place):
    from pipeline.learn import collect

    with pytest.raises(LabelError, match="seven categories alone"):
        collect(["corpus"], scheme=scheme_of(3))


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        ({}, "no list of categories"),
        ({"scheme": "x", "category": []}, "0 categories"),
        ({"scheme": "X Y", "category": []}, "name"),
        ({"scheme": "x", "category": [{"code": 1, "slug": "a", "name": "甲"}]}, "1 categories"),
        ({"scheme": "x", "category": [{"code": 1, "slug": "a", "name": "甲"}, {"code": 3, "slug": "b", "name": "乙"}]}, "without a gap"),
        ({"scheme": "x", "category": [{"code": 1, "slug": "a", "name": "甲"}, {"code": 2, "slug": "b", "name": "甲"}]}, "names both"),
        ({"scheme": "x", "category": [{"code": 1, "slug": "none", "name": "甲"}, {"code": 2, "slug": "b", "name": "乙"}]}, "names both"),
        ({"scheme": "x", "category": [{"code": 1, "slug": "a b", "name": "甲"}, {"code": 2, "slug": "b", "name": "乙"}]}, "slug"),
        ({"scheme": "x", "category": [{"code": True, "slug": "a", "name": "甲"}]}, "no code"),
        ({"scheme": "x", "category": [{"code": 1, "slug": "a", "name": ""}]}, "no name"),
        ({"scheme": "x", "category": [{"code": 1, "slug": "a", "name": "甲", "colour": "red"}]}, "unknown entry"),
    ],
)
def test_a_categories_file_that_is_none_says_why(data, wrong):
    with pytest.raises(LabelError, match=wrong):
        Scheme.from_dict(data)


@pytest.mark.parametrize("words", [b"", b"scheme = ", 'scheme = "甲'.encode("gb18030"), b"scheme = 3\ncategory = 4"])
def test_a_file_that_is_no_toml_says_why(tmp_path, words):
    (tmp_path / "x.toml").write_bytes(words)
    with pytest.raises(LabelError, match=r"x\.toml"):
        categories.scheme(tmp_path / "x.toml")


def test_what_is_written_reads_back(tmp_path):
    scheme = Scheme.from_dict({"scheme": "x", "category": [{"code": i, "slug": f"s{i}", "name": f'甲"{i}\\', "definition": "一\n二\t\x7f"} for i in (1, 2)]})
    categories.write(scheme, tmp_path)
    assert categories.of_corpus(tmp_path) == scheme
