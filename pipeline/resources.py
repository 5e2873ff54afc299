"""Where the data that ships with Fazhi lives: in the checkout, or inside the installed package."""

from __future__ import annotations

import hashlib
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def corpus_dir() -> Path:
    """The folder with the baseline, the categories, the dictionary and the training corpus."""
    return _data("corpus")


def models_dir() -> Path:
    """The folder with the models that ship with Fazhi."""
    return _data("models")


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
