"""The options of ``fazhi search`` and the verbs that count: each shows what one function of the corpus gives."""

from __future__ import annotations

import csv
import io
import json
import time
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from pipeline import resources
from pipeline.cli.app import app
from pipeline.corpus import Corpus
from pipeline.errors import CorpusError, EmptyFile, QueryError

HIT_FIELDS = [
    "report", "title", "district", "year", "role", "heading", "category", "code", "probability", "paragraph", "sentence", "text", "matches", "score", "model",
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("counting") / "corpus"
    other = folder.parent / "青禾区.txt"
    sentences = "受理行政复议申请12件。开展人民调解和行政调解。“双随机、一公开”抽查9次。开展法治宣传教育培训。"
    other.write_text(f"青禾区2022年法治政府建设情况报告\n现将有关情况报告如下。\n一、主要举措\n{sentences}\n", encoding="utf-8")
    with Corpus.open(folder, create=True) as corpus:
        corpus.add([resources.baseline_path(), other], tagger=None)
    return folder


@pytest.fixture
def run(folder, monkeypatch):
    monkeypatch.setenv("FAZHI_CORPUS", str(folder))

    def run(*words: str | Path, code: int = 0):
        done = CliRunner().invoke(app, [str(word) for word in words])
        if code == 0 and done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code == code, done.output
        return done

    return run


def lines(done) -> list[dict[str, object]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_explain_shows_how_a_query_is_read_and_what_its_parts_find(run):
    shown = run("search", "复议 (调解 OR 和解) year:2020..", "--explain").stdout
    assert "one of these:\n    the text “调解”" in shown
    assert "year 2020 or later" in shown
    assert "“和解”  0 sentences" in shown


def test_explain_needs_no_corpus(run, tmp_path):
    assert run("search", "法治 近/8 培训", "--explain", "--corpus", tmp_path / "none").stdout.startswith("two with at most 8 characters between them")


def test_verify_says_that_a_scan_finds_the_same(run):
    assert "the same as a scan of all" in run("search", "行政?议", "--verify").stdout


def test_exact_tells_variants_apart(run):
    assert len(lines(run("search", "双随机一公开", "-f", "jsonl"))) == 1
    assert lines(run("search", "双随机一公开", "--exact", "-f", "jsonl")) == []


def test_a_json_line_of_a_hit_keeps_its_fields_and_context_adds_two(run):
    assert list(lines(run("search", "行政复议", "-f", "jsonl"))[0]) == HIT_FIELDS
    hit = lines(run("search", "人民调解和行政调解", "--context", "1", "-f", "jsonl"))[0]
    assert list(hit) == [*HIT_FIELDS, "before", "after"]
    assert (hit["before"], hit["after"]) == ("受理行政复议申请12件。", "“双随机、一公开”抽查9次。")
    assert "受理行政复议申请12件。\n" in run("search", "人民调解和行政调解", "--context", "1").stdout


def test_hits_come_in_the_order_asked_for(run):
    years = [line["year"] for line in lines(run("search", "法治", "--sort", "year", "--all", "-f", "jsonl"))]
    assert years == sorted(years, reverse=True)


def test_kwic_shows_a_line_an_occurrence(run):
    found = lines(run("search", "复议", "--kwic", "5", "--sort", "right", "--all", "-f", "jsonl"))
    assert {"left", "match", "right", "report", "sentence"} <= set(found[0])
    assert [line["right"] for line in found] == sorted(str(line["right"]) for line in found)
    shown = run("search", "复议", "--kwic", "5", "--limit", "2").stdout
    assert f"{len(found)} occurrences, 2 lines shown (--all" in shown


def test_by_gives_counts_and_rates(run):
    rows = lines(run("search", "行政复议", "--by", "year", "-f", "jsonl"))
    assert [row["year"] for row in rows] == [2022, 2023]
    assert rows[0]["per_10000"] == round(1e4 * rows[0]["occurrences"] / rows[0]["characters"], 4)
    assert "per 10,000 characters" in run("search", "行政复议", "--by", "category").stdout


def test_facets_cover_all_fields(run):
    rows = lines(run("search", "行政复议", "--facets", "-f", "jsonl"))
    assert {row["field"] for row in rows} == {"year", "district", "category", "role", "heading"}


def test_a_list_of_terms_gives_a_table(run, tmp_path):
    (tmp_path / "terms.txt").write_text("# 词表\n行政复议\n\n调解\n行政?议\n", encoding="utf-8-sig")
    rows = lines(run("search", "--terms", tmp_path / "terms.txt", "-f", "jsonl"))
    assert list(rows[0]) == ["report", "district", "year", "characters", "行政复议", "调解", "行政?议"]
    assert {row["report"]: row["调解"] for row in rows}["青禾区"] == 2
    by_year = run("search", "year:2022", "--terms", tmp_path / "terms.txt", "--by", "year").stdout
    assert [line.split() for line in by_year.splitlines()[:3]] == [["term", "2022"], ["行政复议", "1"], ["调解", "2"]]
    sentences = lines(run("search", "--terms", tmp_path / "terms.txt", "--measure", "sentences", "-f", "jsonl"))
    assert {row["report"]: row["调解"] for row in sentences}["青禾区"] == 1


def test_a_wrong_line_of_a_list_is_named(run, tmp_path):
    (tmp_path / "terms.txt").write_text("行政复议\n“调解\n", encoding="utf-8")
    with pytest.raises(QueryError, match=r"term 2.*not closed"):
        run("search", "--terms", tmp_path / "terms.txt")
    (tmp_path / "terms.txt").write_text("# 空\n", encoding="utf-8")
    with pytest.raises(EmptyFile):
        run("search", "--terms", tmp_path / "terms.txt")


def test_says_why_nothing_is_found(run):
    done = run("search", "行政复仪 year:2023")
    assert done.stdout.startswith("0 sentences")
    assert "“行政复仪”  0 sentences" in done.stderr
    assert "“行政复议”" in done.stderr


def test_key_words_collocates_and_runs(run):
    assert {"word", "log_likelihood", "log_ratio"} <= set(lines(run("keywords", "daxing-2023", "-f", "jsonl", "--least", "2"))[0])
    assert {"word", "log_likelihood", "log_dice"} <= set(lines(run("collocates", "行政", "-f", "jsonl", "--least", "2"))[0])
    assert lines(run("ngrams", "--unit", "characters", "--size", "4", "--limit", "1", "-f", "jsonl"))[0]["size"] == 4
    for words in (
        ["keywords", "daxing-2023"],
        ["collocates", "行政", "--measure", "log-dice"],
        ["ngrams", "year:2023", "--longest"],
        ["keywords", "daxing-2023", "--negative"],
    ):
        assert len(run(*words).stdout.splitlines()) > 1


def test_similar_shows_the_baseline_first(run):
    rows = lines(run("similar", "青禾区#2", "-f", "jsonl", "--limit", "2"))
    assert [row["report"] for row in rows] == ["daxing-2023", "daxing-2023"]
    with pytest.raises(CorpusError, match="sentences 1 to"):
        run("similar", "青禾区#99")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["search"], "--terms FILE"),
        (["search", "复议", "--sort", "left"], "--kwic"),
        (["search", "复议", "--facets", "--verify"], "one of them"),
        (["search", "复议", "--kwic", "5", "--by", "year"], "one of them"),
        (["search", "复议", "--by", "colour"], "year"),
        (["ngrams", "--size", "0"], "1 to 20"),
        (["ngrams", "--size", "four"], "1 to 20"),
        (["ngrams", "--size", "4-2"], "1 to 20"),
        (["collocates", "复议", "--window", "0"], "window"),
    ],
)
def test_misuse_is_said(run, words, says):
    assert says in run(*words, code=2).output


WAYS = (
    ["search", "行政复议", "--all"], ["search", "复议", "--kwic", "9", "--sort", "left"], ["search", "复议", "--by", "year"], ["search", "复议", "--facets"],
    ["keywords", "daxing-2023"], ["collocates", "行政", "--least", "2"], ["ngrams", "--least", "3"], ["similar", "青禾区#2"],
)  # fmt: skip


@pytest.mark.parametrize("format", ["csv", "xlsx", "jsonl"])
def test_the_same_query_in_the_same_corpus_gives_the_same_bytes(run, tmp_path, format, monkeypatch):
    for number, words in enumerate(WAYS):
        for copy in "ab":
            run(*words, "-f", format, "-o", tmp_path / f"{copy}{number}.{format}", "--provenance")
        if format == "xlsx" and number == 0:
            time.sleep(2.1)  # zip files and properties count seconds in twos
            run(*words, "-f", format, "-o", tmp_path / f"b{number}.{format}")
        files = sorted(tmp_path.glob(f"*{number}.{format}*"))
        assert files[0].read_bytes() == files[len(files) // 2].read_bytes(), words
        assert len(files) == (2 if format == "xlsx" else 4)


def test_tables_carry_what_they_were_made_from(run, folder, tmp_path):
    run("search", "复议 year:2023", "-f", "csv", "-o", tmp_path / "hits.csv")
    made = json.loads((tmp_path / "hits.csv.query.json").read_text(encoding="utf-8"))
    with Corpus.open(folder) as corpus:
        reports = corpus.reports()
    assert (made["query"], made["read_as"], made["reports"]) == ("复议 year:2023", "“复议” year:2023", 2)
    assert made["sentences"] == sum(report.sentences for report in reports)
    assert made["options"] == {"verb": "search", "limit": 20, "sort": "relevance"}
    assert made["changed"].endswith("Z")
    assert made["program"].startswith("fazhi ")
    rows = list(csv.reader(io.StringIO((tmp_path / "hits.csv").read_text(encoding="utf-8-sig"))))
    assert rows[0] == HIT_FIELDS
    run("search", "复议 year:2023", "-f", "xlsx", "-o", tmp_path / "hits.xlsx")
    book = openpyxl.load_workbook(tmp_path / "hits.xlsx")
    assert book.sheetnames == ["sentences", "query"]
    sheet = {row[0].value: row[1].value for row in book["query"].iter_rows()}
    assert (sheet["query"], sheet["corpus"], json.loads(sheet["options"])) == (made["query"], made["corpus"], made["options"])


def test_json_lines_stay_as_they_are_unless_asked(run, tmp_path):
    run("search", "复议", "-f", "jsonl", "-o", tmp_path / "hits.jsonl")
    assert [path.name for path in tmp_path.iterdir()] == ["hits.jsonl"]
    first, second = lines(run("search", "复议", "-f", "jsonl", "--provenance", "-n", "1"))
    assert first["provenance"]["query"] == "复议"
    assert list(second) == HIT_FIELDS


def test_a_change_of_the_corpus_changes_its_fingerprint(tmp_path, baseline, report_file):
    with Corpus.open(tmp_path / "corpus", create=True) as corpus:
        corpus.add([baseline.path], tagger=None)
        one, again = corpus.provenance("复议"), corpus.provenance("复议")
        corpus.add([report_file("青禾区", 2023, "受理行政复议案件12件。")], tagger=None)
        other = corpus.provenance("复议")
    assert one == again
    assert one.corpus != other.corpus
