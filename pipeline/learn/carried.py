"""A model as one file, to be carried to another machine: a zip of its model file and its card, and nothing else."""

from __future__ import annotations

import io
import json
import shutil
import tempfile
import zipfile
import zlib
from pathlib import Path
from typing import Any

from pipeline.errors import ModelError, ModelMissing, ModelUnsafe, OutputError
from pipeline.tag import Tagger, files

SUFFIX = ".fazhi-model"
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
#: No part of a model is larger than this, in bytes.
_MOST = {files.MODEL_FILE: 256 * 1024 * 1024, files.CARD_FILE: 8 * 1024 * 1024}
_DAMAGED = (zipfile.BadZipFile, zlib.error, LookupError, TypeError, ValueError, AttributeError, RuntimeError, EOFError, MemoryError, OverflowError, OSError)
_REMEDY = "take a file that `fazhi models export` wrote"


def write(folder: Path, to: Path) -> Path:
    """Write the model of a folder to a file; the same model always gives the same bytes."""
    target = to / f"{folder.name}{SUFFIX}" if to.is_dir() else to
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as archive:
        for name in _MOST:
            archive.writestr(zipfile.ZipInfo(name, _LONG_AGO), (folder / name).read_bytes())
    try:
        files.write(target, content.getvalue())
    except OSError as exc:
        raise OutputError(str(target), f"the file cannot be written ({exc.strerror or exc})", "check the folder and the disk") from exc
    return target


def read(file: Path, beside: Path) -> tuple[bytes, dict[str, Any]]:
    """The model and the card of a file, after the model was loaded once as any model is: strictly, as data. ``beside`` is a folder to work in.

    Raises
    ------
    ModelError
        Where the file is none that :func:`write` wrote.
    """
    model, data = _parts(file)
    card = _card(data, str(file))
    beside.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=".import-", dir=beside))
    try:
        (work / files.MODEL_FILE).write_bytes(model)
        version = Tagger.load(work).version
    except ModelError as exc:
        # The error names the file that the user gave and not the copy.
        raise type(exc)(str(file), exc.wrong, exc.remedy) from exc
    finally:
        shutil.rmtree(work, ignore_errors=True)
    if version != card["version"] or not files.is_version(version):
        raise ModelUnsafe(str(file), "the card is not that of the model", _REMEDY)
    return model, card


def _parts(file: Path) -> tuple[bytes, bytes]:
    try:
        if not file.is_file():
            raise ModelMissing(str(file), "there is no such file", _REMEDY)
        if file.stat().st_size > sum(_MOST.values()):
            raise ModelUnsafe(str(file), "the file is larger than any model", _REMEDY)
        with zipfile.ZipFile(io.BytesIO(file.read_bytes())) as archive:
            entries = archive.infolist()
            # Names are compared and never used as paths, so that no entry can lie elsewhere or be a link.
            if sorted(entry.filename for entry in entries) != sorted(_MOST):
                raise ModelUnsafe(str(file), "the file is no carried model", _REMEDY)
            if any(entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} for entry in entries):
                raise ModelUnsafe(str(file), "the file is packed in a way that no model is", _REMEDY)
            if any(entry.file_size > _MOST[entry.filename] for entry in entries):
                raise ModelUnsafe(str(file), "the file unpacks to more than any model", _REMEDY)
            return archive.read(files.MODEL_FILE), archive.read(files.CARD_FILE)
    except _DAMAGED as exc:
        raise ModelUnsafe(str(file), f"the file is damaged or no carried model ({type(exc).__name__})", _REMEDY) from exc


def _card(data: bytes, where: str) -> dict[str, Any]:
    try:
        card = json.loads(data)
        if isinstance(card, dict) and isinstance(card.get("version"), str):
            return card
    except (ValueError, RecursionError) as exc:
        raise ModelUnsafe(where, "the card in the file is damaged", _REMEDY) from exc
    raise ModelUnsafe(where, "the file holds no card", _REMEDY)
