"""A small model of a few reports, for what needs no good one."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.learn import save, train, training_corpus
from pipeline.tag import Tagger


@pytest.fixture(scope="session")
def few_reports():
    return training_corpus()[:6]


@pytest.fixture(scope="session")
def candidate(few_reports):
    return train(few_reports, jobs=1)


@pytest.fixture(scope="session")
def model_folder(candidate, tmp_path_factory) -> Path:
    return save(candidate, tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="session")
def tagger() -> Tagger:
    return Tagger.load()
