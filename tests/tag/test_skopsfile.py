"""Model files: written by skops, read back strictly, and nothing in them ever runs."""

from __future__ import annotations

import io
import json
import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest
import skops.io
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import ModelMissing, ModelUnsafe
from pipeline.tag import Tagger, skopsfile
from pipeline.tag.evidence import SentenceEvidence
from pipeline.tag.tagger import TRUSTED

MARK = Path("left-by-a-model-file")


class Marking:
    """Leaves a mark where a pickle of it is loaded."""

    def __reduce__(self):
        return Path.touch, (MARK,)


@pytest.fixture(autouse=True)
def _no_mark(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    yield
    assert not MARK.exists()


def small_model() -> SentenceEvidence:
    return SentenceEvidence(least=1, bits=12).fit(["受理复议案件。", "组织防汛演练。"] * 4, [6, 4] * 4)


def test_what_is_written_reads_back_here_and_in_skops(tmp_path):
    model, file = small_model(), tmp_path / "model.skops"
    file.write_bytes(skopsfile.dumps(model))
    mine, theirs = skopsfile.load(file, TRUSTED), skops.io.load(file, trusted=list(TRUSTED))
    for copy in (mine, theirs):
        assert repr(copy) == repr(model)
        assert copy.predict_log_proba(["办结复议案件。"]).tolist() == model.predict_log_proba(["办结复议案件。"]).tolist()


def test_skops_names_only_our_own_types_as_untrusted(model_folder):
    assert set(skops.io.get_untrusted_types(file=model_folder / "model.skops")) <= set(TRUSTED)


def test_the_same_model_gives_the_same_bytes():
    assert skopsfile.dumps(small_model()) == skopsfile.dumps(small_model())


def test_bytes_hold_no_time(tmp_path):
    with zipfile.ZipFile(io.BytesIO(skopsfile.dumps(small_model()))) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def refuse(path: Path) -> None:
    with pytest.raises(ModelUnsafe) as caught:
        Tagger.load(path)
    assert str(path) in str(caught.value)


def test_a_pickle_with_a_model_s_name_is_refused(tmp_path):
    file = tmp_path / "model.skops"
    file.write_bytes(pickle.dumps(Marking()))
    refuse(file)


def test_a_pickle_inside_a_model_file_is_refused(tmp_path, model_folder):
    """An array of objects is a pickle in disguise."""
    objects = io.BytesIO()
    np.save(objects, np.array([Marking()], dtype=object), allow_pickle=True)
    refuse(changed(model_folder, tmp_path, lambda name, data: objects.getvalue() if name == "0.npy" else data))


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 0.999])
def test_a_truncated_file_is_refused(tmp_path, model_folder, share):
    data = (model_folder / "model.skops").read_bytes()
    file = tmp_path / "model.skops"
    file.write_bytes(data[: int(len(data) * share)])
    refuse(file)


class Foreign:
    """A type that no model holds."""

    def __init__(self) -> None:
        self.path = str(MARK)

    def __setstate__(self, state):
        MARK.touch()


@pytest.mark.parametrize("value", [Foreign(), Path.touch, np.random.default_rng(0), {1: 2}, {"a": {3, 4}}, np.array([object()], dtype=object), 1j])
def test_a_file_with_anything_but_model_data_is_refused(tmp_path, value):
    file = tmp_path / "model.skops"
    try:
        data = skops.io.dumps({"model": value})
    except Exception:
        pytest.skip("skops does not write this")
    file.write_bytes(data)
    refuse(file)


def test_a_trusted_type_in_the_wrong_place_is_refused(tmp_path):
    file = tmp_path / "model.skops"
    file.write_bytes(skopsfile.dumps(small_model()))
    refuse(file)


def test_a_file_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch, model_folder):
    monkeypatch.setattr(skopsfile, "_MOST", 1000)
    file = tmp_path / "model.skops"
    file.write_bytes((model_folder / "model.skops").read_bytes())
    refuse(file)


def test_a_missing_file_is_missing(tmp_path):
    with pytest.raises(ModelMissing):
        skopsfile.load(tmp_path / "none.skops", TRUSTED)


@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_file_is_refused_or_still_itself(tmp_path, model_folder, place, by):
    data = bytearray((model_folder / "model.skops").read_bytes())
    data[place % len(data)] ^= by
    file = tmp_path / "damaged.skops"
    file.write_bytes(data)
    try:
        loaded = Tagger.load(file)
    except ModelUnsafe:
        return
    assert loaded.tag_sentences(["受理行政复议案件72件。"]) == Tagger.load(model_folder).tag_sentences(["受理行政复议案件72件。"])


def changed(folder: Path, to: Path, change) -> Path:
    """A copy of a model file with its parts changed."""
    file = to / "changed.skops"
    with zipfile.ZipFile(folder / "model.skops") as source, zipfile.ZipFile(file, "w") as target:
        for name in source.namelist():
            target.writestr(name, change(name, source.read(name)))
    return file


@pytest.mark.parametrize("schema", [{}, [], {"__class__": "dict"}, {"__class__": "dict", "__module__": "builtins", "__loader__": "DictNode", "content": 3}])
def test_a_schema_that_is_none_is_refused(tmp_path, model_folder, schema):
    refuse(changed(model_folder, tmp_path, lambda name, data: json.dumps(schema) if name == "schema.json" else data))
