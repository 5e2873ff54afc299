"""Where the data that ships with Fazhi lives: in the checkout, or inside the installed package."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def corpus_dir() -> Path:
    """The folder with the baseline, the categories, the dictionary and the training corpus."""
    return _data("corpus")


def models_dir() -> Path:
    """The folder with the models that ship with Fazhi."""
    return _data("models")


def user_models_dir() -> Path:
    """The folder with the models of this user: what ``FAZHI_MODELS`` names, else a place in the user's data folder. It may not exist yet."""
    named = os.environ.get("FAZHI_MODELS")
    if named:
        return Path(named).expanduser().absolute()
    import platformdirs

    return Path(platformdirs.user_data_dir("fazhi")) / "models"


def _data(name: str) -> Path:
    packed = _PACKAGE / "_data" / name
    return packed if packed.is_dir() else _PACKAGE.parent / name


def baseline_path() -> Path:
    """The baseline report: Daxing district of Beijing, 2023."""
    return corpus_dir() / "daxing-2023.txt"


def sha256_of(*paths: Path) -> str:
    """The SHA-256 of some files' bytes, one after the other, in hexadecimal."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()
