"""Whether the parts of a model that was read from a file fit each other, so that none fails when a sentence is tagged."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipeline.data import ROLES
from pipeline.errors import ModelUnsafe
from pipeline.tag.context import NEIGHBOURS, ContextDecoder
from pipeline.tag.evidence import SentenceEvidence
from pipeline.tag.headings import HeadingEvidence
from pipeline.tag.model import SETTINGS, Model
from pipeline.tag.shipped import Shipped

_LONGEST, _MOST_BITS = 8, 24
_PLACE = 3 * len(ROLES) + 5


def check(shipped: Shipped, where: str) -> None:
    """Raise ``ModelUnsafe`` where a part is missing, or has another type, shape or range than training gives it."""
    if not all(_checks(shipped)):
        raise ModelUnsafe(where, "the parts of the model do not fit each other", "take a model that `fazhi train` made")


def _checks(shipped: Shipped) -> list[bool]:
    model = shipped.model
    if not isinstance(model, Model) or type(model.classes) is not int or model.classes != len(shipped.categories.codes) + 1:
        return [False]
    layers = (isinstance(model.sentence_, SentenceEvidence), isinstance(model.heading_, HeadingEvidence), isinstance(model.context_, ContextDecoder))
    if not all(layers):
        return [False]
    return [*_layers(model), *_data(shipped, model.classes)]


def _layers(model: Model) -> list[bool]:
    classes, sentence, heading, decoder = model.classes, model.sentence_, model.heading_, model.context_
    return [
        _finite(model.prior_, classes),
        all(type(model.temperature_[setting]) is float and model.temperature_[setting] > 0 for setting in SETTINGS[1:]),
        *_lexicon(sentence, classes),
        _finite(sentence.rarity_, len(sentence.slots_)),
        _finite(sentence.scale_, classes, classes),
        _finite(sentence.shift_, classes),
        *_lexicon(heading, classes),
        _finite(decoder.trust_, NEIGHBOURS.stop),
        _finite(decoder.weights_, _PLACE, classes),
        _finite(decoder.bias_, classes),
        _finite(decoder.mean_, _PLACE),
        _finite(decoder.spread_, _PLACE) and bool((decoder.spread_ > 0).all()),
    ]


def _lexicon(layer: SentenceEvidence | HeadingEvidence, classes: int) -> list[bool]:
    if type(layer.bits) is not int or type(layer.longest) is not int or type(layer.classes) is not int:
        return [False]
    return [
        1 <= layer.longest <= _LONGEST and 1 <= layer.bits <= _MOST_BITS and layer.classes == classes,
        _whole(layer.slots_, len(layer.slots_), 1, (1 << layer.bits) - 1),
        _finite(layer.weights_, len(layer.slots_), classes),
        _finite(layer.bias_, classes),
    ]


def _data(shipped: Shipped, classes: int) -> list[bool]:
    if not isinstance(shipped.texts, str) or not isinstance(shipped.reports, list) or not isinstance(shipped.headings, list):
        return [False]
    count = shipped.texts.count("\n") + 1
    return [
        isinstance(shipped.version, str),
        all(isinstance(name, str) for name in (*shipped.reports, *shipped.headings)),
        all(_finite(shipped.logs[setting], count, classes) for setting in SETTINGS),
        _whole(shipped.labels, count, -1, classes - 1),
        _whole(shipped.owner, count, 0, len(shipped.reports) - 1) and bool((np.diff(shipped.owner) >= 0).all()),
        _whole(shipped.paths, count, 0, len(shipped.headings) - 1),
        _whole(shipped.depths, len(shipped.headings), 0, 127),
        _whole(shipped.roles, count, 0, len(ROLES) - 1),
        _whole(shipped.sections, count, -(2**31), 2**31),
        _whole(shipped.paragraphs, count, -(2**31), 2**31),
    ]


def _finite(values: Any, *shape: int) -> bool:
    return isinstance(values, np.ndarray) and values.dtype.kind == "f" and values.shape == shape and bool(np.isfinite(values).all())


def _whole(values: Any, count: int, least: int, most: int) -> bool:
    if not isinstance(values, np.ndarray) or values.dtype.kind not in "iu" or values.shape != (count,):
        return False
    return count == 0 or bool(least <= values.min() and values.max() <= most)
