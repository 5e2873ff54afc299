"""The estimator contract of scikit-learn, without its import, which takes longer than tagging a report."""

from __future__ import annotations

import inspect
from typing import Any, Self, TypeVar

E = TypeVar("E", bound="Estimator")


class Estimator:
    """Base of what is fitted: ``__init__`` only stores its options, ``fit`` returns self, learned names end in an underscore.

    ``sklearn.base.clone`` works on every subclass.

    >>> class Mean(Estimator):
    ...     def __init__(self, *, floor: float = 0.0) -> None:
    ...         self.floor = floor
    >>> Mean(floor=1.0), Mean().set_params(floor=2.0).get_params()
    (Mean(floor=1.0), {'floor': 2.0})
    """

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """The options by name; with ``deep`` also those of estimators among them, as ``name__option``."""
        names = [name for name in inspect.signature(type(self).__init__).parameters if name != "self"]
        found = {name: getattr(self, name) for name in names}
        if deep:
            inner = {f"{name}__{key}": value for name, part in found.items() if isinstance(part, Estimator) for key, value in part.get_params().items()}
            found |= inner
        return found

    def set_params(self, **options: Any) -> Self:
        """Set options by name (``name__option`` for those of an estimator among them)."""
        for key, value in options.items():
            name, _, rest = key.partition("__")
            if name not in self.get_params(deep=False):
                raise ValueError(f"{type(self).__name__} has no option {name!r}")
            if rest:
                getattr(self, name).set_params(**{rest: value})
            else:
                setattr(self, name, value)
        return self

    def __repr__(self) -> str:
        options = ", ".join(f"{name}={value!r}" for name, value in self.get_params(deep=False).items())
        return f"{type(self).__name__}({options})"


def check_fitted(estimator: Estimator) -> None:
    """Raise ``ValueError`` where nothing was learned yet."""
    if not any(name.endswith("_") and not name.startswith("_") for name in vars(estimator)):
        raise ValueError(f"this {type(estimator).__name__} is not fitted yet; call fit first")


def fresh(estimator: E) -> E:
    """A copy with the same options, not fitted."""
    return type(estimator)(**estimator.get_params(deep=False))
