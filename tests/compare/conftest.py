from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import resources
from pipeline.batch import read_report
from pipeline.compare import Matcher
from pipeline.data import TaggedReport
from pipeline.tag import Tagger


@pytest.fixture(scope="session")
def tagger() -> Tagger:
    return Tagger.load()


@pytest.fixture(scope="session")
def matcher(tagger) -> Matcher:
    return Matcher.learned(tagger)


@pytest.fixture(scope="session")
def tagged_baseline(baseline, tagger) -> TaggedReport:
    return TaggedReport(baseline, tuple(tagger.tag(baseline)))


@pytest.fixture(scope="session")
def sample(tagger) -> TaggedReport:
    report = read_report(resources.corpus_dir() / "samples" / "yunhu-2019.txt")
    return TaggedReport(report, tuple(tagger.tag(report)))


@pytest.fixture
def tagged(report_file, tagger):
    """Writes, reads and tags a small report."""

    def make(district: str, year: int, *sentences: str) -> TaggedReport:
        path: Path = report_file(district, year, *sentences)
        report = read_report(path)
        return TaggedReport(replace(report, name=f"{district}-{year}"), tuple(tagger.tag(report)))

    return make
