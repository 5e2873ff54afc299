"""Versions: what is current, how it changes, and that nothing that happens leaves half a model."""

from __future__ import annotations

import io
import json
import pickle
import signal
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from pipeline import resources
from pipeline.errors import ModelError, ModelMismatch, ModelMissing, ModelUnsafe
from pipeline.learn import Versions, train
from pipeline.learn.history import FILE as HISTORY_FILE
from pipeline.tag import Tagger, files

MARK = Path("left-by-a-carried-model")
WHY = "small models for a test"


@pytest.fixture(scope="module")
def second(few_reports):
    return train(few_reports[:4], jobs=1)


@pytest.fixture
def versions(tmp_path, candidate, second, monkeypatch):
    """Two saved candidates, above the shipped model."""
    monkeypatch.setenv("FAZHI_MODELS", str(tmp_path / "models"))
    found = Versions()
    found.save(candidate)
    found.save(second)
    return found


def shipped() -> str:
    return files.current_folder(resources.models_dir()).name


def test_a_saved_model_is_a_candidate(versions, candidate, second):
    listed = {version.name: version for version in versions.list()}
    assert set(listed) == {candidate.version, second.version, shipped()}
    assert [name for name, version in listed.items() if version.current] == [shipped()]
    assert listed[shipped()].shipped
    assert listed[candidate.version].macro_f1 == pytest.approx(candidate.evaluation.full.macro_f1, abs=1e-4)


def test_a_worse_model_is_refused_and_taken_by_force_alone(versions, candidate):
    with pytest.raises(ModelError, match="worse than the current model beyond chance"):
        versions.promote(candidate.version)
    assert versions.current() == shipped()
    done = versions.promote(candidate.version, force=WHY)
    assert done.comparison.verdict == "worse"
    assert versions.current() == candidate.version == Tagger.load().version
    (said,) = versions.card(candidate.version)["promotions"]
    assert said["forced"] == WHY
    assert said["instead_of"] == shipped()


def test_force_without_a_reason_is_none(versions, candidate):
    with pytest.raises(ModelError, match="reason is empty"):
        versions.promote(candidate.version, force="  ")


def test_the_current_model_is_not_promoted_twice(versions, candidate):
    versions.promote(candidate.version, force=WHY)
    assert not versions.promote(candidate.version).changed
    assert len(versions.history()) == 1


def test_a_better_model_takes_the_place_of_a_worse_one(versions, candidate, second):
    versions.promote(second.version, force=WHY)
    assert versions.promote(candidate.version).comparison.verdict == "better"


def test_what_cannot_be_compared_wants_force(versions, candidate, second):
    versions.promote(second.version, force=WHY)
    (versions.folder / second.version / files.MODEL_FILE).write_bytes(b"gone")
    with pytest.raises(ModelError, match="cannot be compared"):
        versions.promote(candidate.version)
    assert versions.promote(candidate.version, force="the model before is damaged").comparison is None


def test_rolling_back_goes_step_by_step_to_the_shipped_model(versions, candidate, second):
    versions.promote(second.version, force=WHY)
    versions.promote(candidate.version)
    assert versions.rollback() == second.version
    assert versions.rollback() == shipped() == Tagger.load().version
    with pytest.raises(ModelError, match="nothing to go back to"):
        versions.rollback()
    assert [event.what for event in versions.history()] == ["promote", "promote", "rollback", "rollback"]


def test_history_with_a_cut_line_is_read_and_added_to(versions, candidate, second):
    versions.promote(second.version, force=WHY)
    with (versions.folder / HISTORY_FILE).open("a", encoding="utf-8") as file:
        file.write('{"at": "2026-')
    versions.promote(candidate.version)
    assert [event.version for event in versions.history()] == [second.version, candidate.version]
    assert versions.rollback() == second.version


def test_a_current_version_that_history_lacks_can_be_rolled_back(versions, candidate, second):
    """The process was killed between the two."""
    versions.promote(second.version, force=WHY)
    files.write(versions.folder / files.CURRENT_FILE, f"{candidate.version}\n".encode())
    assert versions.rollback() == second.version


def test_a_version_saved_again_keeps_its_promotions(versions, candidate):
    versions.promote(candidate.version, force=WHY)
    versions.save(candidate)
    assert versions.card(candidate.version)["promotions"][0]["forced"] == WHY


def test_a_version_that_is_gone_says_what_to_do(versions, candidate):
    versions.promote(candidate.version, force=WHY)
    for file in (versions.folder / candidate.version).iterdir():
        file.unlink()
    with pytest.raises(ModelMissing, match="fazhi models"):
        Tagger.load()
    assert versions.rollback() == shipped()


def test_the_shipped_models_are_never_written_on(versions, second):
    before = {path: path.read_bytes() for path in resources.models_dir().rglob("*") if path.is_file()}
    versions.promote(second.version, force=WHY)
    versions.promote(shipped())
    assert versions.current() == shipped()
    assert {path: path.read_bytes() for path in resources.models_dir().rglob("*") if path.is_file()} == before


def test_a_model_travels_in_one_file(versions, candidate, tmp_path):
    file = versions.export(candidate.version, tmp_path)
    assert file.name == f"{candidate.version}.fazhi-model"
    other = Versions(tmp_path / "other")
    assert other.import_(file) == candidate.version
    assert other.tagger(candidate.version).tag_sentences(["办结复议案件。"]) == candidate.tagger.tag_sentences(["办结复议案件。"])
    assert other.current() == shipped()
    assert other.import_(file) == candidate.version
    assert other.export(candidate.version, tmp_path / "again").read_bytes() == file.read_bytes()


# What a file may hold


class Marking:
    """Leaves a mark where a pickle of it is loaded."""

    def __reduce__(self):
        return Path.touch, (MARK,)


@pytest.fixture
def parts(tmp_path, monkeypatch, model_folder):
    """The parts of a good file; a mark must not appear."""
    monkeypatch.chdir(tmp_path)
    yield {name: (model_folder / name).read_bytes() for name in (files.MODEL_FILE, files.CARD_FILE)}
    assert not MARK.exists()


def packed(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def refuse(data: bytes, kind: type[ModelError] = ModelUnsafe) -> str:
    file = Path("some.fazhi-model")
    file.write_bytes(data)
    folder = Path("taken").absolute()
    with pytest.raises(kind) as caught:
        Versions(folder).import_(file)
    assert "\n" not in str(caught.value)
    assert "some.fazhi-model" in str(caught.value)
    assert [path.name for path in folder.rglob("*") if path.name != "lock"] == []
    return str(caught.value)


def test_a_renamed_pickle_is_refused(parts):
    refuse(pickle.dumps(Marking()))
    refuse(packed(parts | {files.MODEL_FILE: pickle.dumps(Marking())}))
    refuse(packed(parts | {files.CARD_FILE: pickle.dumps(Marking())}))


@pytest.mark.parametrize("share", [0.0, 0.2, 0.7, 0.999])
def test_a_cut_file_is_refused(parts, share):
    data = packed(parts)
    refuse(data[: int(len(data) * share)])


@pytest.mark.parametrize("name", ["../model.skops", "/etc/model.skops", "x/model.skops", "..\\model.skops"])
def test_a_path_in_the_file_is_refused(parts, name):
    refuse(packed({name: parts[files.MODEL_FILE], files.CARD_FILE: parts[files.CARD_FILE]}))


def test_more_than_two_parts_are_refused(parts):
    refuse(packed(parts | {"run.py": b"print()"}))


def test_a_link_in_the_file_is_never_followed(parts, tmp_path):
    entry = zipfile.ZipInfo(files.MODEL_FILE)
    entry.create_system, entry.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(entry, b"/etc/passwd")
        archive.writestr(files.CARD_FILE, parts[files.CARD_FILE])
    refuse(out.getvalue())


def test_a_bomb_is_refused_before_it_is_unpacked(parts):
    assert "unpacks to more" in refuse(packed(parts | {files.CARD_FILE: b" " * 9_000_000}))
    inner = packed({"schema.json": b" " * 300_000_000})
    assert "unpacks to more" in refuse(packed(parts | {files.MODEL_FILE: inner}))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_packings_are_refused(parts, method):
    refuse(packed(parts, method))


def remade(parts: dict[str, bytes], **changes) -> bytes:
    """A file whose model says something else of itself."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(parts[files.MODEL_FILE])) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        schema = json.loads(source.read("schema.json"))
        content = schema["content"]["content"]
        for name, value in changes.items():
            if name == "protocol":
                schema["protocol"] = value
            else:
                content[name]["content"] = json.dumps(value)
        target.writestr("schema.json", json.dumps(schema))
        for name in source.namelist():
            if name != "schema.json":
                target.writestr(name, source.read(name))
    return packed(parts | {files.MODEL_FILE: out.getvalue()})


@pytest.mark.parametrize("changes", [{"protocol": 99}, {"format": 1}, {"dictionary": "jieba-9"}])
def test_a_model_of_another_library_format_or_dictionary_is_refused(parts, changes):
    assert "another" in refuse(remade(parts, **changes), ModelMismatch)


@pytest.mark.parametrize("changes", [{"version": "../../x"}, {"version": "other"}, {"texts": "一句。"}, {"reports": 3}])
def test_a_model_that_does_not_fit_itself_is_refused(parts, changes):
    refuse(remade(parts, **changes))


@pytest.mark.parametrize("card", [b"", b"[]", b"{}", b'{"version": 3}', b"[" * 100_000, b'{"version": "other"}'])
def test_a_card_that_is_none_is_refused(parts, card):
    refuse(packed(parts | {files.CARD_FILE: card}))


def test_a_folder_or_a_missing_file_is_told(tmp_path):
    for path in (tmp_path, tmp_path / "none.fazhi-model"):
        with pytest.raises(ModelMissing):
            Versions(tmp_path / "models").import_(path)


# Several at once, and killed

PROMOTING = """
import os, signal, sys
from pathlib import Path
from pipeline.learn import Versions
folder, name, last = sys.argv[1], sys.argv[2], int(sys.argv[3])
seen = 0
def count(event, args):
    global seen
    if event in {"open", "os.rename", "os.remove"} and any(str(arg).startswith(folder) for arg in args):
        seen += 1
        if seen == last:
            os.kill(os.getpid(), signal.SIGKILL)
versions = Versions(Path(folder))
sys.addaudithook(count)
versions.promote(name)
"""


def test_whoever_is_killed_while_promoting_leaves_one_whole_model(versions, candidate, second):
    """Killed before every single step on a file, one after the other, until there is none left."""
    points, ended = 0, set()
    while True:
        if versions.current() != second.version:
            versions.promote(second.version, force=WHY)
        points += 1
        done = subprocess.run([sys.executable, "-c", PROMOTING, str(versions.folder), candidate.version, str(points)], check=False)
        assert versions.current() in {candidate.version, second.version}
        assert Tagger.load().version == versions.current()
        assert all(version.macro_f1 is not None for version in versions.list())
        ended.add(versions.current())
        if done.returncode == 0:
            break
        assert done.returncode == -signal.SIGKILL
    assert points > 8
    assert ended == {candidate.version, second.version}
    assert versions.rollback() == second.version


SAVING = """
import sys
from pathlib import Path
from pipeline.learn import train, training_corpus, Versions
Versions(Path(sys.argv[1])).save(train(training_corpus()[:4], jobs=1))
"""


def test_two_trainings_at_once_leave_one_whole_model(tmp_path, second):
    both = [subprocess.Popen([sys.executable, "-c", SAVING, str(tmp_path)]) for _ in range(2)]
    assert [one.wait() for one in both] == [0, 0]
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == [second.version]
    assert Tagger.load(tmp_path / second.version).version == second.version
    assert not [path for path in tmp_path.rglob("*") if path.name.endswith(".part")]


def test_a_folder_that_cannot_be_written_is_told(tmp_path, candidate):
    (tmp_path / "models").write_text("a file", encoding="utf-8")
    with pytest.raises(ModelError, match="cannot be written"):
        Versions(tmp_path / "models").save(candidate)
