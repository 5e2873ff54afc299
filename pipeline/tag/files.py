"""Where models lie: ``<models>/<version>/model.skops`` with its ``card.json``, and ``<models>/current``, which names a version.

There are two such folders: the user's, and the one that ships with Fazhi. What the user's says goes first. For schemes of categories other than the
seven the current version is named in ``current-<scheme>``.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

from pipeline import categories, resources
from pipeline.categories import Scheme
from pipeline.errors import ModelMissing

MODEL_FILE, CARD_FILE, CURRENT_FILE = "model.skops", "card.json", "current"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,79}")
_REMEDY = "name a version of `fazhi models list` or a model's folder, or run `fazhi train`"


def is_version(name: str) -> bool:
    """Whether a name can be that of a version: letters, digits, hyphens and dots, and never a path.

    >>> is_version("fazhi-7-2026.11-d2f67d59"), is_version("../elsewhere"), is_version("..")
    (True, False, False)
    """
    return _NAME.fullmatch(name) is not None and name not in {CURRENT_FILE, CARD_FILE, MODEL_FILE}


def folders(models: Path | None = None) -> list[Path]:
    """The folders that hold models, the one that goes first at the head; ``models`` stands in the place of the user's."""
    mine, shipped = models if models is not None else resources.user_models_dir(), resources.models_dir()
    return [mine] if mine.resolve() == shipped.resolve() else [mine, shipped]


def version_folder(name: str, models: Path | None = None) -> Path | None:
    """The folder of a version by its name, or ``None``."""
    if not is_version(name):
        return None
    return next((folder / name for folder in folders(models) if (folder / name / MODEL_FILE).is_file()), None)


def model_file(path: str | os.PathLike[str] | None = None) -> Path:
    """The model file that a path or a version's name leads to; by default that of the current version.

    Raises
    ------
    ModelMissing
        Where there is no such file.
    """
    where = Path(path) if path is not None else current_folder()
    file = where / MODEL_FILE if where.is_dir() else where
    if file.is_file():
        return file
    named = version_folder(str(path)) if path is not None else None
    if named is None:
        raise ModelMissing(str(where), "there is no model", _REMEDY)
    return named / MODEL_FILE


def current_file(scheme: Scheme | None = None) -> str:
    """The name of the file that names the current version of a scheme, by default the seven categories."""
    return CURRENT_FILE if scheme is None or scheme.line == categories.default().line else f"{CURRENT_FILE}-{scheme.key}"


def current_folder(models: Path | None = None, *, scheme: Scheme | None = None) -> Path:
    """The folder of the current version of a scheme, by default the seven categories.

    Raises
    ------
    ModelMissing
        Where none is named, or the one that is named is gone.
    """
    name = current_file(scheme)
    for folder in folders(models):
        named = folder / name
        try:
            version = named.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            continue
        except (OSError, UnicodeDecodeError) as exc:
            raise ModelMissing(str(named), "the name of the current model cannot be read", "run `fazhi models promote VERSION`") from exc
        found = version_folder(version, models)
        if found is None:
            raise ModelMissing(
                str(named), f"it names {version!r}, and there is no such version", "run `fazhi models promote VERSION` or `fazhi models rollback`"
            )
        return found
    other = f" for the categories {scheme.name!r}" if scheme is not None and name != CURRENT_FILE else ""
    raise ModelMissing(str(folders(models)[-1] / name), f"no current model is named{other}", "run `fazhi train`, then `fazhi models promote VERSION`")


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
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
