"""What tests share: the project's own texts, and the measuring set where it is at hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import resources
from pipeline.batch import read_report
from pipeline.data import Report

ROOT = Path(__file__).resolve().parents[1]

OPENING = "2023年,青禾区坚持依法行政。现将有关情况报告如下。\n"


@pytest.fixture(autouse=True, scope="session")
def _models_of_nobody(tmp_path_factory):
    """No test sees or changes the models of the user who runs it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FAZHI_MODELS", str(tmp_path_factory.getbasetemp() / "models-of-nobody"))
        yield


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder beside the project with measuring sets and large corpora; tests that need it skip without it."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the measuring sets are not at hand")
    return folder


@pytest.fixture(scope="session")
def baseline() -> Report:
    return read_report(resources.baseline_path())


@pytest.fixture(scope="session")
def few_reports():
    """A few reports of the training corpus, for what needs no good model."""
    from pipeline.learn import training_corpus

    return training_corpus()[:6]


@pytest.fixture(scope="session")
def candidate(few_reports):
    """A small model of them."""
    from pipeline.learn import train

    return train(few_reports, jobs=1)


@pytest.fixture(scope="session")
def model_folder(candidate, tmp_path_factory) -> Path:
    """The small model's folder."""
    from pipeline.learn import save

    return save(candidate, tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="session")
def tagger():
    """The shipped tagger."""
    from pipeline.tag import Tagger

    return Tagger.load()


@pytest.fixture
def report_file(tmp_path: Path):
    """Writes a small report: ``report_file("青禾区", 2023, "受理行政复议案件12件。")`` gives its path."""

    def write(district: str, year: int, *sentences: str, name: str | None = None) -> Path:
        path = tmp_path / (name or f"{district}-{year}.txt")
        body = "".join(sentences)
        path.write_text(f"{district}{year}年法治政府建设年度情况报告\n{OPENING}一、主要举措和成效\n(一)健全依法行政制度体系\n{body}\n", encoding="utf-8")
        return path

    return write
