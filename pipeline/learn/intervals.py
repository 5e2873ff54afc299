"""Intervals of a rate that was counted in a sample.

Sources: Wilson, Journal of the American Statistical Association 22, 1927; Clopper and Pearson, Biometrika 26, 1934; the effective number of draws of Korn and
Graubard, Survey Methodology 24, 1998, with the finite population correction of Cochran, Sampling Techniques, 1977, section 2.6.
"""

from __future__ import annotations

import math
from statistics import NormalDist


def wilson(rate: float, count: float, confidence: float = 0.95) -> tuple[float, float]:
    """Wilson's interval of a rate that ``count`` draws gave.

    >>> [round(x, 4) for x in wilson(0.9, 10)]
    [0.5958, 0.9821]
    """
    if math.isinf(count):
        return rate, rate
    z2 = NormalDist().inv_cdf((1 + confidence) / 2) ** 2
    middle = (rate + z2 / (2 * count)) / (1 + z2 / count)
    half = math.sqrt(z2 * (rate * (1 - rate) / count + z2 / (4 * count * count))) / (1 + z2 / count)
    return max(0.0, min(rate, middle - half)), min(1.0, max(rate, middle + half))


def exact(rate: float, count: float, confidence: float = 0.95) -> tuple[float, float]:
    """Clopper and Pearson's interval of a rate that ``count`` draws gave.

    >>> [round(x, 4) for x in exact(0.9, 10)]
    [0.555, 0.9975]
    """
    from scipy.special import betaincinv

    if math.isinf(count):
        return rate, rate
    right, tail = rate * count, (1 - confidence) / 2
    low = float(betaincinv(right, count - right + 1, tail)) if right > 1e-9 else 0.0
    high = float(betaincinv(right + 1, count - right, 1 - tail)) if count - right > 1e-9 else 1.0
    return low, high


def effective(drawn: int, frame: int) -> float:
    """The number of draws with replacement that tell as much as ``drawn`` ones without: infinite where all were drawn.

    >>> effective(50, 100), effective(10, 10)
    (99.0, inf)
    """
    return math.inf if drawn >= frame else drawn * (frame - 1) / (frame - drawn)
