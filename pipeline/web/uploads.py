"""Files that a browser sends, put where their names can do no harm."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from pipeline.data import Failure
from pipeline.read import SUFFIXES
from pipeline.read.files import MAX_BYTES

_LONGEST = 80
_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|\u202a-\u202e\u2066-\u2069\ufffd]+")
_CHUNK = 1 << 20


def safe_name(name: str, otherwise: str = "report.txt") -> str:
    """The last part of a file name without anything that a file system or a reader could misunderstand.

    >>> safe_name("../../etc/大兴区 2023.docx"), safe_name("C:\\\\x\\\\a.txt"), safe_name("..")
    ('大兴区 2023.docx', 'a.txt', 'report.txt')
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    clean = _UNSAFE.sub("_", last.encode("utf-8", "replace").decode("utf-8")).strip(" .")
    stem, suffix = os.path.splitext(clean)
    return f"{stem[:_LONGEST].strip(' .')}{suffix[:10]}" if stem.strip(" ._") else otherwise


def keep(files: Iterable[tuple[str, BinaryIO]], folder: Path) -> tuple[dict[str, str], list[Failure]]:
    """Copy files into a folder, each into a numbered one of its own; returns their names by path, and those that were refused."""
    names: dict[str, str] = {}
    failures: list[Failure] = []
    for number, (given, stream) in enumerate(files):
        name = safe_name(given)
        if Path(name).suffix.lower() not in SUFFIXES:
            failures.append(Failure(name, f"{name}: files of this kind are not read; give {', '.join(SUFFIXES)}"))
            continue
        path = folder / f"{number:03}" / name
        path.parent.mkdir()
        if _copy(stream, path):
            names[str(path)] = name
        else:
            shutil.rmtree(path.parent)
            failures.append(Failure(name, f"{name}: the file has more than {MAX_BYTES / 1e6:.0f} MB; split it, or save its text alone as .txt"))
    return names, failures


def _copy(stream: BinaryIO, path: Path) -> bool:
    left = MAX_BYTES
    with path.open("xb") as file:
        while block := stream.read(_CHUNK):
            left -= len(block)
            if left < 0:
                return False
            file.write(block)
    return True


def into_corpus(path: str, corpus: Path) -> str:
    """Copy a file into the corpus's folder of originals, under its own name in a folder named by its content."""
    source = Path(path)
    digest = hashlib.sha256(source.read_bytes()).hexdigest()[:12]
    target = corpus / "files" / digest / source.name
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{os.getpid()}.part")
    shutil.copyfile(source, part)
    os.replace(part, target)
    return str(target)
