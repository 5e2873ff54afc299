"""One line of the list of versions, out of a model's folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import ModelMissing
from pipeline.tag import files


@dataclass(frozen=True, slots=True)
class Version:
    """One line of the list of versions; figures are ``None`` where the card cannot be read. ``shipped`` versions came with Fazhi."""

    name: str
    folder: Path
    current: bool
    shipped: bool
    scheme: str | None
    reports: int | None
    sentences: int | None
    macro_f1: float | None
    verdict: str | None


def listed(folder: Path, *, current: bool, shipped: bool) -> Version:
    """The line of the version in a folder."""
    try:
        card = files.read_card(folder)
        data, figures, compared = card["data"], card["figures"]["full"], card.get("comparison") or {}
        values = (str(card["scheme"]["scheme"]), int(data["reports"]), int(data["sentences"]), float(figures["macro_f1"]), compared.get("verdict"))
    except (ModelMissing, LookupError, TypeError, ValueError):
        return Version(folder.name, folder, current, shipped, None, None, None, None, None)
    return Version(folder.name, folder, current, shipped, *values)
