"""The one file that knows the skops format.

Models are written by skops, which stores no code: a zip of ``schema.json`` and plain arrays. They are read back here without skops, whose import takes
longer than tagging a report, and more strictly than skops reads: dicts, lists, plain values and numeric arrays, and of classes only those that the caller
names. ``skops.io.load`` reads the same files.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.errors import ModelMismatch, ModelMissing, ModelUnsafe

_SCHEMA = "schema.json"
#: The version of the skops format that is read here.
_PROTOCOL = 2
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
#: A model file that unpacks to more than this is none of ours, in bytes.
_MOST = 256 * 1024 * 1024
_DAMAGED = (zipfile.BadZipFile, zlib.error, LookupError, TypeError, ValueError, AttributeError, RuntimeError, EOFError, MemoryError, OverflowError)


def dumps(model: object) -> bytes:
    """The bytes of a model's file: the same model always gives the same bytes."""
    import skops.io

    return _canonical(skops.io.dumps(model))


def _canonical(data: bytes) -> bytes:
    """A skops file without what differs from run to run: memory addresses (as ids and file names) and times."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target:
        names: dict[str, str] = {}
        schema = _renamed(json.loads(source.read(_SCHEMA)), names)
        _put(target, _SCHEMA, json.dumps(schema, ensure_ascii=False, separators=(",", ":")).encode())
        for old, new in names.items():
            _put(target, new, source.read(old))
    return out.getvalue()


def _put(target: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, _LONG_AGO)
    entry.compress_type = zipfile.ZIP_DEFLATED
    target.writestr(entry, content)


def _renamed(node: Any, names: dict[str, str]) -> Any:
    if isinstance(node, list):
        return [_renamed(part, names) for part in node]
    if not isinstance(node, dict):
        return node
    clean = {}
    for key, value in node.items():
        if key == "__id__":
            continue
        if key == "file" and isinstance(value, str):
            clean[key] = names.setdefault(value, f"{len(names)}.npy")
        else:
            clean[key] = _renamed(value, names)
    return clean


def load(path: Path, trusted: Mapping[str, type]) -> Any:
    """The object in a model file.

    ``trusted`` holds the classes that the file may name, by their full names; nothing else of the file becomes more than data.

    Raises
    ------
    ModelMissing
        Where there is no such file.
    ModelMismatch
        Where another version of the library wrote it, in a format that is not read here.
    ModelUnsafe
        Where the file is damaged, or holds anything else than model data. Nothing of it was run.
    """
    data = _content(path)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _MOST:
                raise _too_much(path)
            if any(entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} for entry in archive.infolist()):
                raise ModelUnsafe(str(path), "the file is packed in a way that no model is", "take a model that `fazhi train` made")
            schema = json.loads(archive.read(_SCHEMA))
            protocol = schema.get("protocol", _PROTOCOL)
            if protocol != _PROTOCOL:
                wrong = f"the file was written by another version of skops (format {protocol!r:.20}; this version reads {_PROTOCOL})"
                raise ModelMismatch(str(path), wrong, "run `fazhi train`, or install the version of Fazhi that made the model")
            return _Reader(archive, trusted, str(path)).value(schema)
    except _DAMAGED as exc:
        raise ModelUnsafe(str(path), f"the file is damaged or no model file ({type(exc).__name__})", "take a model that `fazhi train` made") from exc


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > _MOST:
            raise _too_much(path)
        return path.read_bytes()
    except OSError as exc:
        raise ModelMissing(str(path), f"the model file cannot be read ({exc.strerror})", "name a model folder, or run `fazhi train`") from exc


def _too_much(path: Path) -> ModelUnsafe:
    return ModelUnsafe(str(path), "the file unpacks to more than any model", "take a model that `fazhi train` made")


class _Reader:
    def __init__(self, archive: zipfile.ZipFile, trusted: Mapping[str, type], where: str) -> None:
        self.archive = archive
        self.trusted = trusted
        self.where = where

    def value(self, node: dict[str, Any]) -> Any:
        """The value that a node of the schema stands for."""
        name, loader = f"{node['__module__']}.{node['__class__']}", node["__loader__"]
        if loader == "JsonNode" and name == "builtins.str":
            return json.loads(node["content"])
        if loader == "DictNode" and name == "builtins.dict":
            self._only_text_keys(node["key_types"])
            return {key: self.value(part) for key, part in node["content"].items()}
        if loader == "ListNode" and name == "builtins.list":
            return [self.value(part) for part in node["content"]]
        if loader == "NdArrayNode" and name == "numpy.ndarray" and node["type"] == "numpy":
            return np.load(io.BytesIO(self.archive.read(node["file"])), allow_pickle=False)
        if loader == "ObjectNode" and name in self.trusted:
            return self._object(self.trusted[name], node["content"])
        raise self._foreign(f"{name} ({loader})")

    def _object(self, kind: type, content: dict[str, Any]) -> Any:
        state = self.value(content)
        made: Any = object.__new__(kind)
        vars(made).update(state)
        return made

    def _only_text_keys(self, node: dict[str, Any]) -> None:
        for part in node["content"]:
            if (part["__loader__"], part["__module__"], part["__class__"]) != ("TypeNode", "builtins", "str"):
                raise self._foreign(f"a key of type {part['__module__']}.{part['__class__']}")

    def _foreign(self, what: str) -> ModelUnsafe:
        return ModelUnsafe(self.where, f"the file holds something that is no model data: {what}", "take a model that `fazhi train` made")
