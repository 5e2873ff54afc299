"""Where models lie: ``models/<version>/model.skops`` with its ``card.json``, and ``models/current``, which names a version."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from pipeline import resources
from pipeline.errors import ModelMissing

MODEL_FILE, CARD_FILE, CURRENT_FILE = "model.skops", "card.json", "current"
_REMEDY = "name a model folder, or run `fazhi train`"


def model_file(path: str | os.PathLike[str] | None = None) -> Path:
    """The model file that a path names: itself, or the one in the folder; by default that of the current version.

    Raises
    ------
    ModelMissing
        Where there is no such file.
    """
    where = Path(path) if path is not None else current_folder()
    file = where / MODEL_FILE if where.is_dir() else where
    if not file.is_file():
        raise ModelMissing(str(where), "there is no model", _REMEDY)
    return file


def current_folder(models: Path | None = None) -> Path:
    """The folder of the current version.

    Raises
    ------
    ModelMissing
        Where none is named.
    """
    named = (models or resources.models_dir()) / CURRENT_FILE
    try:
        name = named.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as exc:
        raise ModelMissing(str(named), "no current model is named", _REMEDY) from exc
    if not name or name != os.path.basename(name) or name in {".", ".."}:
        raise ModelMissing(str(named), f"{name!r} is no name of a version", _REMEDY)
    return named.with_name(name)


def read_card(path: str | os.PathLike[str] | None = None) -> dict[str, Any]:
    """The card of a model: what it was made from, its figures, its weaknesses.

    Raises
    ------
    ModelMissing
        Where the model or its card is missing or cannot be read.
    """
    file = model_file(path).with_name(CARD_FILE)
    try:
        return dict(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError) as exc:
        raise ModelMissing(str(file), "the model's card cannot be read", _REMEDY) from exc


def write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_bytes(content)
    beside.replace(path)
