"""What the documentation says is so."""

from __future__ import annotations

import re
import shlex

import openpyxl
import pytest
from typer.testing import CliRunner

from pipeline.cli.app import app

READMES = ("README.md", "README.zh.md")


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


@pytest.fixture
def workplace(tmp_path, monkeypatch, baseline, root):
    """A folder like the README's: a folder of reports, a corpus made from it, a list of sentences, labelled reports."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "reports").mkdir()
    text = (root / "corpus" / "daxing-2023.txt").read_text(encoding="utf-8")
    (tmp_path / "reports" / "report.txt").write_text(text, encoding="utf-8")
    pdf = next((root / "corpus" / "samples").glob("*.pdf"))
    (tmp_path / "reports" / "report.pdf").write_bytes(pdf.read_bytes())
    (tmp_path / "sentences.txt").write_text("全年受理行政复议案件12件。\n", encoding="utf-8")
    (tmp_path / "terms.txt").write_text("行政复议\n法律援助\n", encoding="utf-8")
    (tmp_path / "labelled").mkdir()
    (tmp_path / "labelled" / "a.jsonl").write_text((root / "corpus" / "baseline-labels.jsonl").read_text(encoding="utf-8"), encoding="utf-8")
    sheet = openpyxl.Workbook()
    for row in (("句子", "类别", "标注人"), *((text, label, who) for text, label in LABELS for who in ("甲", "乙"))):
        sheet.active.append(row)
    sheet.save(tmp_path / "labels.xlsx")
    return tmp_path


LABELS = (("全年受理行政复议案件12件。", 6), ("开展宪法宣传周活动。", 7), ("组织防汛演练3次。", "emergency"))
# What trains for minutes, waits for people or opens a page.
LEFT_OUT = {("train",), ("demo",), ("serve",), ("review", "estimate"), ("labels", "suspects")}


@pytest.mark.parametrize("readme", READMES)
def test_the_commands_of_the_readme_run(root, readme, workplace):
    text = (root / readme).read_text(encoding="utf-8")
    commands = [line.split("#")[0].strip() for block in blocks(text, "sh") for line in block.splitlines() if line.startswith("fazhi ")]
    assert len(commands) > 10
    for command in commands:
        words = shlex.split(command)[1:]
        if LEFT_OUT & {tuple(words[:1]), tuple(words[:2])}:
            continue
        words = [{"NAME": "report", "labelled/*.jsonl": "labelled/a.jsonl"}.get(word, word) for word in words]
        done = CliRunner().invoke(app, words)
        assert done.exit_code == 0, f"{command}: {done.output} {done.exception!r}"


@pytest.mark.parametrize("readme", READMES)
def test_the_python_of_the_readme_runs(root, readme, workplace):
    found = blocks((root / readme).read_text(encoding="utf-8"), "python")
    assert len(found) >= 3
    for code in found:
        exec(compile(code, readme, "exec"), {})


def test_both_readmes_show_the_same_code(root):
    english, chinese = ((root / readme).read_text(encoding="utf-8") for readme in READMES)
    assert blocks(english, "python") == blocks(chinese, "python")

    def bare(text):
        return [[line.split("#")[0].strip() for line in block.splitlines()] for block in blocks(text, "sh")]

    assert bare(english) == bare(chinese)


def test_links_lead_somewhere(root):
    for page in root.glob("*.md"):
        for link in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (root / link).exists(), f"{page.name}: {link}"
