"""Data flows one way: imports point only down, and each foreign library lives behind one file."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "pipeline"
ORDER = (
    "errors", "data", "resources", "categories", "parallel", "read", "structure", "tokenize", "tag", "store", "search", "show", "analysis", "indicators", "compare", "learn", "batch", "corpus", "web", "cli",
)  # fmt: skip
FLOW = ("read", "structure", "tokenize", "tag", "store", "search")
HOMES = {
    "jieba": {"tokenize/words.py"},
    "whoosh": {"search/whoosh_reports.py"},
    "sqlite3": {"store/sqlite.py"},
    "python_calamine": {"learn/sheets.py"},
    "xlsxwriter": {"show/workbook.py"},
    "pandas": {"show/frames.py", "corpus.py"},
    "trafilatura": {"read/html.py"},
    "docx": {"read/docx.py"},
    "pypdfium2": {"read/pdf.py"},
    "joblib": {"parallel.py"},
    "regex": {"search/pattern.py"},
    "jinja2": {"web/render.py", "compare/page.py"},
    "uvicorn": {"web/run.py"},
    "pickle": set(),
    "marshal": set(),
    "shelve": set(),
}


def modules() -> list[Path]:
    return [path for path in PACKAGE.rglob("*.py") if "_data" not in path.parts]


def imported(path: Path) -> list[str]:
    names = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return names


def place(module: str) -> str:
    return module.split(".")[1]


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_only_down(path: Path):
    here = path.relative_to(PACKAGE).with_suffix("").parts[0]
    if here == "__init__":
        return
    for name in imported(path):
        if name.startswith("pipeline.") and place(name) in ORDER:
            assert ORDER.index(place(name)) <= ORDER.index(here), f"{here} imports {name}, which stands above it"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_each_foreign_library_lives_behind_one_file(path: Path):
    mine = path.relative_to(PACKAGE).as_posix()
    for name in imported(path):
        homes = HOMES.get(name.split(".")[0])
        assert homes is None or mine in homes, f"{mine} imports {name}"


def test_every_step_of_the_flow_is_a_place():
    assert [step for step in FLOW if (PACKAGE / step).is_dir()] == list(FLOW)


def test_importing_the_package_loads_nothing_heavy():
    code = (
        "import sys, pipeline, pipeline.corpus, pipeline.cli.app; print([m for m in ('numpy','sklearn','jieba','whoosh','pandas','lxml') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_public_name_is_there():
    import pipeline

    assert len(pipeline.__all__) <= 15
    assert all(getattr(pipeline, name) is not None for name in pipeline.__all__)
