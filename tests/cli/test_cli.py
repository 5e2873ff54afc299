"""The command as a whole process: what it prints, where, and how it ends."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from pipeline import resources
from pipeline.cli.app import app

RUN = [sys.executable, "-c", "from pipeline.cli.app import main; main()"]
VERBS = sorted(get_command(app).commands)  # type: ignore[attr-defined]


def fazhi(*words: str | Path, input: bytes | None = None, cwd: Path | None = None) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*RUN, *map(str, words)], capture_output=True, input=input, cwd=cwd, check=False)


def out(done: subprocess.CompletedProcess[bytes]) -> str:
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode("utf-8")


def err(done: subprocess.CompletedProcess[bytes]) -> str:
    return done.stderr.decode("utf-8")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("cli") / "corpus"
    fazhi("add", "--baseline", "--corpus", folder)
    return folder


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_and_option_has_help(verb):
    command = get_command(app).commands[verb]  # type: ignore[attr-defined]
    assert command.help
    for parameter in command.params:
        assert getattr(parameter, "help", None) or parameter.name == "help", f"{verb}: {parameter.name}"


@pytest.mark.parametrize("readme", ["README.md", "README.zh.md"])
def test_every_verb_is_in_the_readme(root, readme):
    text = (root / readme).read_text(encoding="utf-8")
    assert [verb for verb in VERBS if f"fazhi {verb}" not in text] == []


def test_parse_prints_a_sentence_a_line():
    lines = [json.loads(line) for line in out(fazhi("parse", resources.baseline_path(), "--format", "jsonl")).splitlines()]
    assert list(lines[0]) == ["report", "title", "district", "year", "role", "heading", "paragraph", "sentence", "start", "end", "text"]
    assert lines[2]["heading"] == "(一)深入推进政府职能依法全面履行"
    assert lines[2]["year"] == 2023
    assert [line["sentence"] for line in lines] == list(range(1, len(lines) + 1))


def test_search_prints_hits_with_offsets(corpus):
    lines = [json.loads(line) for line in out(fazhi("search", "“行政复议案件720件”", "--corpus", corpus, "--format", "jsonl")).splitlines()]
    assert len(lines) == 1
    assert {"report", "district", "year", "role", "heading", "category", "sentence", "text", "matches"} <= set(lines[0])
    ((start, end),) = lines[0]["matches"]
    assert lines[0]["text"][start:end] == "行政复议案件720件"


def test_search_shows_the_match_marked_and_the_exact_total(corpus):
    shown = out(fazhi("search", "法律援助", "--corpus", corpus))
    assert "【法律援助】案件1328件" in shown
    assert "1 sentence" in shown
    assert re.search(r"\d+ sentences, \d+ occurrences, 1 shown \(--all", out(fazhi("search", "法治", "--limit", "1", "--corpus", corpus)))


def test_reports_lists_the_corpus(corpus):
    assert "daxing-2023" in out(fazhi("reports", "--corpus", corpus))


def test_tag_writes_the_fields_of_parse_and_of_the_tag(tmp_path):
    done = fazhi("tag", resources.baseline_path(), "-o", tmp_path / "out.csv", "--format", "csv")
    assert done.returncode == 0, err(done)
    rows = list(csv.DictReader(io.StringIO((tmp_path / "out.csv").read_text(encoding="utf-8-sig"))))
    assert list(rows[0])[-6:] == ["category", "code", "probability", "second", "second_probability", "model"]
    assert {row["code"] for row in rows} <= set("01234567")


def test_tag_tags_single_sentences_from_standard_input():
    lines = out(fazhi("tag", "--sentences", "-", input="全年受理行政复议申请12件。\n\n修订总体应急预案。\n".encode())).splitlines()
    assert [json.loads(line)["category"] for line in lines] == ["disputes", "emergency"]


def test_tag_reads_sentences_in_the_encodings_of_chinese_offices(tmp_path):
    (tmp_path / "句子").write_bytes("全年受理行政复议申请12件。\r\n".encode("gb18030"))
    assert json.loads(out(fazhi("tag", "--sentences", tmp_path / "句子")))["category"] == "disputes"


def test_tag_leaves_what_is_not_sure_enough_to_review(tmp_path):
    done = fazhi("tag", "--sentences", "-", "--min-precision", "0.99", input="全年受理行政复议申请12件。\n平台建成投用。\n".encode())
    sure, unsure = (json.loads(line) for line in out(done).splitlines())
    assert (sure["category"], sure["code"], sure["review"], sure["suggested"]) == ("disputes", 6, False, None)
    assert (unsure["category"], unsure["code"], unsure["review"]) == (None, None, True)
    assert unsure["suggested"]


@pytest.mark.parametrize("number", [[], ["9999"], ["0"]])
def test_explain_wants_a_report_and_the_number_of_a_sentence(number):
    done = fazhi("explain", resources.baseline_path(), *number)
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr


def test_explain_names_words_and_nearest_labelled_sentences():
    shown = out(fazhi("explain", "--sentence", "全年受理行政复议申请12件。"))
    assert "6 纠纷化解" in shown
    assert re.search(r"words for it:.*行政复议", shown)
    assert "nearest labelled sentences" in shown


def test_evaluate_gives_figures_as_a_table_and_as_json(root):
    labels = root / "corpus" / "baseline-labels.jsonl"
    assert "macro-F1" in out(fazhi("evaluate", labels))
    figures = json.loads(out(fazhi("evaluate", labels, "--format", "json")))
    assert {"alone", "no-headings", "full"} <= set(figures)
    assert figures["full"]["sentences"] == 68


def test_a_bad_file_is_a_line_and_exit_code_1_and_the_rest_is_written(tmp_path):
    bad = tmp_path / "坏.pdf"
    bad.write_bytes(b"%PDF-1.7 broken")
    done = fazhi("tag", bad, resources.baseline_path(), "-o", tmp_path / "out.jsonl")
    assert done.returncode == 1
    assert str(bad) in err(done)
    assert "Traceback" not in err(done)
    assert (tmp_path / "out.jsonl").read_text(encoding="utf-8").count("\n") > 50


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["search", "复议", "--corpus", "nowhere"], 1, "no corpus"),
        (["search", "“复议", "--corpus", "{corpus}"], 2, "not closed"),
        (["parse", "nothing.txt"], 1, "no such file"),
        (["remove", "nothing", "--corpus", "{corpus}"], 1, "no report of that name"),
        (["tag"], 2, "give either"),
        (["add"], 2, "give report files"),
        (["search"], 2, "give a query"),
        (["tag", "nothing/*.txt"], 1, "no such file"),
        (["tag", "{baseline}", "-o", "no/such/folder/out.jsonl"], 1, "cannot be written"),
        (["tag", "{baseline}", "--format", "xlsx"], 1, "name a file with -o"),
        (["tag", "--sentences", "nothing.txt"], 1, "cannot be read"),
    ],
)
def test_errors_are_one_line_with_what_to_do(corpus, tmp_path, words, code, says):
    done = fazhi(*(word.format(corpus=corpus, baseline=resources.baseline_path()) for word in words), cwd=tmp_path)
    assert done.returncode == code, err(done)
    assert says in err(done)
    assert "Traceback" not in err(done)
    assert done.stdout == b""


def test_debug_shows_the_trace(tmp_path):
    assert "Traceback" in err(fazhi("parse", "nothing.txt", "--debug", cwd=tmp_path))


def test_a_reader_that_leaves_early_is_no_error(corpus):
    command = f"{sys.executable} -c 'from pipeline.cli.app import main; main()' search 法 --all --format jsonl --corpus {corpus} | head -1"
    done = subprocess.run(command, shell=True, capture_output=True, check=False)
    assert done.stdout.count(b"\n") == 1
    assert b"Traceback" not in done.stderr


def test_version_is_the_package_s():
    import pipeline

    assert out(fazhi("--version")).strip() == f"fazhi {pipeline.__version__}"


def test_misuse_is_one_line_that_names_the_way_out(tmp_path):
    for words, told in (
        (("search", "--nope", "复议"), "fazhi: search: No such option"),
        (("serach",), "Did you mean 'search'?"),
        (("labels", "import", "--limit", "x"), "fazhi: labels import: "),
    ):
        done = fazhi(*words, cwd=tmp_path)
        assert done.returncode == 2
        assert told in err(done)
        assert err(done).count("\n") == 1
        assert "--help` shows" in err(done)


def test_a_query_may_be_typed_as_several_words(corpus):
    apart, together = (out(fazhi("search", *words, "--corpus", corpus, "--format", "jsonl")) for words in (("行政复议", "案件"), ("行政复议 案件",)))
    assert apart == together
    assert '"sentence": 37' in apart
