"""The figures found against those annotated by hand: see guideline.md."""

from __future__ import annotations

import importlib.util
import sys

import pytest


@pytest.fixture(scope="module")
def bench(root):
    spec = importlib.util.spec_from_file_location("bench_indicators", root / "tests" / "benchmarks" / "bench_indicators.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_the_baseline_is_read_right(bench, baseline):
    score = bench.score("daxing-2023", baseline)
    assert score.precision >= 0.97
    assert score.recall >= 0.97
    assert score.spans >= 0.93
    assert score.bound == score.of == score.right


def test_the_measuring_sets_are_read_right(bench, shared):
    scores = [bench.score(name, report) for name, report in bench.reports()]
    score = bench.total(scores)
    assert len(scores) > 1
    assert score.precision >= 0.95
    assert score.recall >= 0.95
    assert score.spans >= 0.85
    assert min(one.precision for one in scores) >= 0.95
    assert min(one.recall for one in scores) >= 0.95
