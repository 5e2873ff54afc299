from __future__ import annotations

import csv
import json
import subprocess
import sys

import pytest

RUN = [sys.executable, "-c", "from pipeline.cli.app import main; main()"]
KEYS = ["report", "sentence", "start", "end", "text", "value", "unit", "kind", "direction", "bound", "indicator", "of", "category"]


@pytest.fixture
def fazhi():
    def run(*arguments):
        return subprocess.run([*RUN, "indicators", *map(str, arguments)], capture_output=True, text=True, encoding="utf-8", check=False)

    return run


def test_json_lines_have_the_promised_keys(fazhi, report_file):
    done = fazhi(report_file("青禾区", 2023, "全年接收行政复议案件720件,同比增长57.54%,案件调解率18.6%。"), "--format", "jsonl")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [list(row) for row in rows] == [KEYS] * 3
    assert [(row["text"], row["value"], row["unit"], row["kind"], row["direction"], row["of"]) for row in rows] == [
        ("720件", 720, "件", "level", None, None),
        ("57.54%", 57.54, "%", "change", "up", 10),
        ("18.6%", 18.6, "%", "level", None, None),
    ]
    assert rows[0]["category"] == "disputes"


def test_sentences_count_as_in_other_output(fazhi, report_file):
    path = report_file("青禾区", 2023, "全年审核文件16件。")
    parse = subprocess.run([*RUN, "parse", str(path), "--format", "jsonl"], capture_output=True, text=True, encoding="utf-8", check=True)
    sentences = {row["sentence"]: row["text"] for row in map(json.loads, parse.stdout.splitlines())}
    (row,) = map(json.loads, fazhi(path, "--format", "jsonl", "--no-categories").stdout.splitlines())
    assert sentences[row["sentence"]][row["start"] : row["end"]] == "16件"


def test_reports_side_by_side_in_a_file(fazhi, report_file, tmp_path):
    paths = [report_file("青禾区", 2023, "接收行政复议案件720件。"), report_file("云湖县", 2022, "受理行政复议申请26件。")]
    out = tmp_path / "side.csv"
    done = fazhi(*paths, "--pivot", "--format", "csv", "-o", out, "--no-categories")
    assert done.returncode == 0, done.stderr
    rows = list(csv.reader(out.read_text(encoding="utf-8-sig").splitlines()))
    assert len(rows[0]) == 4
    assert {row[0]: row[3] for row in rows[1:]} == {"青禾区": "720", "云湖县": "26"}


def test_a_table_on_the_screen(fazhi, report_file):
    done = fazhi(report_file("青禾区", 2023, "办结率98%,同比提高2个百分点。"))
    assert "办结率" in done.stdout
    assert "↑" in done.stdout


def test_a_bad_file_is_one_line_and_the_rest_is_done(fazhi, report_file, tmp_path):
    bad = tmp_path / "bad.txt"
    bad.write_bytes(b"")
    done = fazhi(report_file("青禾区", 2023, "审核文件16件。"), bad, "--format", "jsonl")
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 1
    assert "bad.txt" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_path_is_one_line(fazhi):
    done = fazhi("nowhere.txt")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
