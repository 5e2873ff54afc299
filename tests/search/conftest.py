"""Reports small enough to read, for the tests of engines."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.search import Engine, IndexedReport, IndexedSentence
from pipeline.search.exact import ExactEngine
from pipeline.search.memory import MemoryEngine

BODIES: dict[str, Callable[[Path], Engine]] = {"memory": lambda folder: MemoryEngine(), "exact": lambda folder: ExactEngine(folder / "index")}


@pytest.fixture(params=BODIES)
def engine(request, tmp_path):
    body = BODIES[request.param](tmp_path)
    yield body
    body.close()


@pytest.fixture
def exact(tmp_path):
    body = ExactEngine(tmp_path / "index")
    yield body
    body.close()


def made(key: int, *texts: str, district="青禾区", year=2023, role="measures", heading="(一)加强领导", code=7, revision=None) -> IndexedReport:
    sentences = [IndexedSentence(key * 1000 + i, text, role, heading, code, i // 2, i // 4) for i, text in enumerate(texts)]
    return IndexedReport(key, revision or key, f"report-{key}", district, year, sentences, f"{district}{year}年法治政府建设情况报告")


@pytest.fixture
def report() -> Callable[..., IndexedReport]:
    """Makes a report: ``report(1, "受理行政复议案件12件。")`` has sentences 1000, 1001 … two a paragraph, four a section."""
    return made
