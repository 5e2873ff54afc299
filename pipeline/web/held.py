"""The models that pages speak of: the user's, above those that ship with Fazhi, and what the library refuses about them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pipeline.categories import scheme
from pipeline.errors import ModelError, ModelMissing, ModelUnsafe
from pipeline.web.errors import PageError

if TYPE_CHECKING:
    from pipeline.learn.versions import Versions


def versions() -> Versions:
    """The models of this user, above those that ship with Fazhi."""
    from pipeline.learn.versions import Versions

    return Versions()


@contextmanager
def told() -> Iterator[None]:
    """What the library refuses about models, as an answer to whoever asked."""
    try:
        yield
    except ModelMissing as exc:
        raise PageError(404, exc.thing, exc.wrong, "choose one on the page of the models") from exc
    except ModelUnsafe:
        raise
    except ModelError as exc:
        raise PageError(400, exc.thing, exc.wrong, exc.remedy) from exc


def current_name() -> str:
    """The version in use; empty where there is none."""
    try:
        return versions().current(scheme())
    except ModelError:
        return ""
