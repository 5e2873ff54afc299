"""The versions of the model: the user's folder above the one that ships with Fazhi.

A trained model is a candidate until it is promoted. Which version is current is one small file, put in place whole, so that a process that is killed
leaves the version before or the one after. ``history.jsonl`` tells every change of it and is only ever added to.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import resources
from pipeline.categories import Scheme
from pipeline.errors import ModelError, ModelMissing
from pipeline.learn import history
from pipeline.learn.comparison import Comparison, compare
from pipeline.learn.history import Event
from pipeline.learn.listed import Version, listed
from pipeline.search.exact.state import locked
from pipeline.tag import Tagger, files, skopsfile

if TYPE_CHECKING:
    from pipeline.learn.training import Candidate


@dataclass(frozen=True, slots=True)
class Promotion:
    """What promoting did: ``comparison`` is ``None`` where there was nothing to compare with, ``changed`` False where the version was current already."""

    version: str
    comparison: Comparison | None
    changed: bool
    reason: str | None


class Versions:
    """The models in a folder, by default the user's, above those that ship with Fazhi.

    >>> len(Versions(resources.models_dir()).list())
    1
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = (folder if folder is not None else resources.user_models_dir()).absolute()
        #: Whether this is the folder that ships with Fazhi, which is made anew for a release and keeps no history.
        self.ships = self.folder.resolve() == resources.models_dir().resolve()

    # What is there

    def list(self) -> tuple[Version, ...]:
        """Every version, ordered by name."""
        places = files.folders(self.folder)
        current = {place for place in self._currents() if place}
        found: dict[str, Version] = {}
        for folder in places:
            for file in sorted(folder.glob(f"*/{files.MODEL_FILE}")):
                name = file.parent.name
                if files.is_version(name) and name not in found:
                    found[name] = listed(file.parent, current=name in current, shipped=folder != self.folder)
        return tuple(found[name] for name in sorted(found))

    def _currents(self) -> Iterator[str]:
        seen: set[str] = set()
        for folder in files.folders(self.folder):
            for file in sorted(folder.glob(f"{files.CURRENT_FILE}*")):
                if file.is_file() and file.name not in seen:
                    seen.add(file.name)
                    yield file.read_text(encoding="utf-8", errors="replace").strip()

    def get(self, name: str) -> Path:
        """The folder of a version.

        Raises
        ------
        ModelMissing
            Where there is no such version.
        """
        found = files.version_folder(name, self.folder)
        if found is None:
            raise ModelMissing(name, "there is no version of that name", "list the versions with `fazhi models list`")
        return found

    def tagger(self, name: str) -> Tagger:
        """The model of a version."""
        return Tagger.load(self.get(name))

    def card(self, name: str | None = None) -> dict[str, Any]:
        """The card of a version, by default the current one."""
        return files.read_card(self.get(name) if name is not None else files.current_folder(self.folder))

    def current(self, scheme: Scheme | None = None) -> str:
        """The current version of a scheme, by default the seven categories.

        Raises
        ------
        ModelMissing
            Where there is none.
        """
        return files.current_folder(self.folder, scheme=scheme).name

    def current_tagger(self, scheme: Scheme | None = None) -> Tagger | None:
        """The current model of a scheme, or ``None`` where none was ever named.

        Raises
        ------
        ModelError
            Where one is named that cannot be loaded.
        """
        named = files.current_file(scheme)
        if not any((folder / named).is_file() for folder in files.folders(self.folder)):
            return None
        return Tagger.load(files.current_folder(self.folder, scheme=scheme))

    def compare(self, new: str, old: str) -> Comparison:
        """Compare two versions on sentences that neither had seen."""
        return compare(self.tagger(new), self.tagger(old))

    def history(self) -> tuple[Event, ...]:
        """Every change of the current version, the oldest first."""
        return history.read(self.folder)

    # What changes

    def save(self, candidate: Candidate, comparison: Comparison | None = None) -> Path:
        """Put a candidate into the folder, whole or not at all; returns its own folder. What is current stays so."""
        card = {**candidate.card, "comparison": comparison.as_dict() if comparison else candidate.card.get("comparison")}
        return self._put(candidate.version, skopsfile.dumps(candidate.tagger.shipped), card)

    def _put(self, version: str, model: bytes, card: Mapping[str, Any]) -> Path:
        target, beside = self.folder / version, self.folder / f".{version}.{os.getpid()}.part"
        with self._alone():
            self.folder.mkdir(parents=True, exist_ok=True)
            shutil.rmtree(beside, ignore_errors=True)
            beside.mkdir()
            try:
                files.write(beside / files.MODEL_FILE, model)
                files.write(beside / files.CARD_FILE, packed(card))
                if target.exists():
                    self._renew(target, beside, card)
                else:
                    beside.replace(target)
            finally:
                shutil.rmtree(beside, ignore_errors=True)
        return target

    def _renew(self, target: Path, beside: Path, card: Mapping[str, Any]) -> None:
        """Put the same version in place again: its promotions stay on the card."""
        try:
            before = files.read_card(target).get("promotions", [])
        except ModelMissing:
            before = []
        files.write(beside / files.CARD_FILE, packed({**card, "promotions": before}))
        for name in (files.MODEL_FILE, files.CARD_FILE):
            (beside / name).replace(target / name)

    def promote(self, name: str, *, force: str | None = None) -> Promotion:
        """Make a version the current one of its scheme.

        It is compared with the version that is current. One that is worse beyond chance, or cannot be compared, is refused, unless ``force`` says why it is
        taken all the same; the card keeps that reason.

        Raises
        ------
        ModelError
            Where it is refused or cannot be loaded; the current version stays.
        """
        if force is not None and not force.strip():
            raise ModelError(name, "the reason is empty", 'say why it is taken, as in --force "labels of 2025 only"')
        with self._alone():
            tagger = self.tagger(name)
            before, comparison = self._weighed(tagger, force)
            if before == name:
                return Promotion(name, None, False, None)
            self._note(name, before, comparison, force)
            files.write(self.folder / files.current_file(tagger.scheme), f"{name}\n".encode())
            self._remember("promote", tagger.scheme, name, before, force)
        return Promotion(name, comparison, True, force)

    def _weighed(self, tagger: Tagger, force: str | None) -> tuple[str | None, Comparison | None]:
        """The current version and how the new one compares with it."""
        try:
            current = self.current_tagger(tagger.scheme)
            comparison = compare(tagger, current) if current and current.version != tagger.version else None
        except ModelError as exc:
            if force is None:
                wrong = f"it cannot be compared with the current model ({exc.thing}: {exc.wrong})"
                raise ModelError(tagger.version, wrong, "promote it with --force REASON if it is to be taken all the same") from exc
            return None, None
        if comparison and comparison.verdict == "worse" and force is None:
            wrong = f"it is refused, as it is worse than the current model beyond chance ({comparison.sentence})"
            raise ModelError(tagger.version, wrong, f"see `fazhi models diff {comparison.old} {comparison.new}`, or take it all the same with --force REASON")
        return current.version if current else None, comparison

    def _note(self, name: str, before: str | None, comparison: Comparison | None, reason: str | None) -> None:
        """Write on the card that the version was promoted, and why; the cards that ship with Fazhi are not written on."""
        folder = self.get(name)
        if folder.parent != self.folder or self.ships:
            return
        card = files.read_card(folder)
        said = {"at": history.now(), "instead_of": before, "comparison": comparison.as_dict() if comparison else None, "forced": reason}
        files.write(folder / files.CARD_FILE, packed({**card, "promotions": [*card.get("promotions", []), said]}))

    def rollback(self, scheme: Scheme | None = None) -> str:
        """Make the version current that was so before the last promotion, back to the one that ships with Fazhi; returns its name.

        Raises
        ------
        ModelError
            Where nothing was promoted, or the version before is gone.
        """
        with self._alone():
            named = self.folder / files.current_file(scheme)
            stack = self._stack(scheme)
            if not stack:
                raise ModelError("models", "nothing was promoted, so that there is nothing to go back to", "see `fazhi models list`")
            now, before = stack[-1], stack[-2] if len(stack) > 1 else None
            if before is None:
                named.unlink(missing_ok=True)
            else:
                Tagger.load(self.get(before))
                files.write(named, f"{before}\n".encode())
            self._remember("rollback", scheme, before, now, None)
        return before or self._shipped(scheme)

    def _shipped(self, scheme: Scheme | None) -> str:
        try:
            return self.current(scheme)
        except ModelMissing:
            return "none"

    def _stack(self, scheme: Scheme | None) -> Sequence[str]:
        """The promoted versions of a scheme that can be gone back through, the current one last."""
        name = files.current_file(scheme)
        try:
            now = (self.folder / name).read_text(encoding="utf-8").strip()
        except OSError:
            return ()
        return history.way_back((event for event in self.history() if event.scheme == name), now)

    def _remember(self, what: str, scheme: Scheme | None, version: str | None, before: str | None, reason: str | None) -> None:
        if not self.ships:
            history.add(self.folder, Event(history.now(), what, files.current_file(scheme), version, before, reason))

    def export(self, name: str, to: Path) -> Path:
        """Write a version to one file, to be carried to another machine; returns it."""
        from pipeline.learn import carried

        return carried.write(self.get(name), to)

    def import_(self, file: Path) -> str:
        """Take a version out of a file that :meth:`export` wrote; returns its name. What is current stays so.

        Raises
        ------
        ModelError
            Where the file is no such file, is damaged, does not fit this version of Fazhi, or holds anything but model data. Nothing of it was run.
        """
        from pipeline.learn import carried

        model, card = carried.read(file, self.folder)
        version = str(card["version"])
        there = files.version_folder(version, self.folder)
        if there is not None and (there / files.MODEL_FILE).read_bytes() != model:
            raise ModelError(version, "there is another model of that version", "remove its folder first if the file's is the right one")
        if there is None:
            self._put(version, model, card)
        return version

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Be the only one who changes the models; what the system refuses is told as ours."""
        busy = ModelError(str(self.folder), "another process is changing the models", "wait until it has finished and try again")
        try:
            with nullcontext() if self.ships else locked(self.folder, busy, patience=30.0):
                yield
        except OSError as exc:
            wrong = f"the models cannot be written ({exc.strerror or exc})"
            raise ModelError(str(self.folder), wrong, "check the folder, its permissions and the disk, or name another with --models") from exc


def save(candidate: Candidate, models: Path | None = None) -> Path:
    """Save a candidate in a folder of models, by default the user's; returns its own folder. The same candidate always gives the same bytes."""
    return Versions(models).save(candidate)


def promote(version: str, models: Path | None = None, *, force: str | None = None) -> Promotion:
    """Make a saved version the current one: see :meth:`Versions.promote`."""
    return Versions(models).promote(version, force=force)


def packed(card: Mapping[str, Any]) -> bytes:
    """A card as the bytes of its file."""
    return (json.dumps(card, ensure_ascii=False, indent=2) + "\n").encode()
