from __future__ import annotations

import csv
import json

import openpyxl
import pytest
from typer.testing import CliRunner

from pipeline import resources
from pipeline.cli.app import app
from pipeline.corpus import Corpus
from pipeline.errors import CorpusError, ModelMissing, ReadError
from pipeline.tag import Tagger

SAMPLES = resources.corpus_dir() / "samples"
ONE = str(SAMPLES / "yunhu-2019.txt")


def run(*words, code: int = 0):
    done = CliRunner().invoke(app, ["compare", *map(str, words)])
    if code == 0 and done.exception is not None:
        raise done.exception
    assert done.exit_code == code, done.output
    return done


def test_json_lines_have_one_line_a_baseline_measure_and_one_a_new_one():
    lines = [json.loads(line) for line in run(ONE, "--format", "jsonl").stdout.splitlines()]
    baseline = [line for line in lines if "baseline_sentence" in line]
    new = [line for line in lines if "new_sentence" in line]
    assert len(baseline) + len(new) == len(lines)
    labels = [json.loads(row) for row in (resources.corpus_dir() / "baseline-labels.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["baseline_text"] for line in baseline] == [row["text"] for row in labels if row["label"]]
    assert {line["judgement"] for line in baseline} <= {"same", "related", "absent"}
    assert {line["judgement"] for line in new} <= {"related", "absent"}
    assert all(set(near) == {"sentence", "text", "similarity"} for line in lines for near in line["nearest"])
    assert all(len(line["nearest"]) == 5 for line in lines)


@pytest.mark.parametrize("part", ["mirror", "shares", "spread", "boilerplate"])
def test_every_part_is_written_in_every_format(tmp_path, part):
    for suffix in ("jsonl", "csv", "xlsx"):
        out = tmp_path / f"{part}.{suffix}"
        run(ONE, "--show", part, "--format", suffix, "-o", out)
        assert out.stat().st_size > 0 or part == "boilerplate"
    with (tmp_path / f"{part}.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    sheet = openpyxl.load_workbook(tmp_path / f"{part}.xlsx").active
    assert [cell.value for cell in sheet[1]] == rows[0]
    assert sheet.max_row == len(rows)


def test_a_table_shows_the_mirror_and_the_matrix():
    shown = run(ONE).stdout
    assert "基准有而本区无" in shown
    assert "本区新提法" in shown
    many = run(ONE, SAMPLES / "liuxi-town-2021.txt").stdout
    assert "measures by how many districts" in many


def test_any_other_report_can_be_the_baseline():
    lines = run(ONE, "--with", SAMPLES / "liuxi-town-2021.txt", "--format", "jsonl").stdout.splitlines()
    assert {json.loads(line)["baseline"] for line in lines} == {"liuxi-town-2021"}


def test_the_baseline_can_be_compared_with_itself():
    lines = [json.loads(line) for line in run(resources.baseline_path(), "--format", "jsonl").stdout.splitlines()]
    assert {line["judgement"] for line in lines} == {"same"}
    assert lines[0]["report"] != lines[0]["baseline"]


def test_reports_of_a_corpus_are_compared_by_name(tmp_path):
    with Corpus.open(tmp_path / "corpus", create=True) as corpus:
        corpus.add([ONE, str(SAMPLES / "liuxi-town-2021.txt")], tagger=Tagger.load())
    folder = tmp_path / "corpus"
    stored = run("yunhu-2019", "--corpus", folder, "--format", "jsonl").stdout
    assert stored == run(ONE, "--format", "jsonl").stdout
    both = run("yunhu-2019", "--with", "liuxi-town-2021", "--corpus", folder, "--format", "jsonl").stdout
    assert json.loads(both.splitlines()[0])["baseline"] == "liuxi-town-2021"
    with pytest.raises(CorpusError, match="no report of that name"):
        run("nowhere", "--corpus", folder)


def test_a_bad_file_is_a_line_and_the_rest_is_done(tmp_path):
    bad = tmp_path / "bad.pdf"
    bad.write_bytes(b"%PDF-1.4 nothing")
    done = run(ONE, bad, "--format", "jsonl", code=1)
    assert len(done.stdout.splitlines()) > 60
    assert "bad.pdf" in done.stderr


def test_mistakes_are_named(tmp_path):
    with pytest.raises(ReadError):
        run(ONE, "--with", tmp_path / "none.txt")
    with pytest.raises(ModelMissing, match="no such folder"):
        run(ONE, "--embeddings", tmp_path / "none")
    run(ONE, "-o", tmp_path / "out.txt", code=2)
    run(ONE, "--nearest", "0", code=2)
