"""METHOD.md's forecast a second time, slowly: the normal equations of least squares as they stand
in textbooks, solved in fractions, and the t quantile by adding up the area under its density.

Nothing here is shared with indicators.method.
"""

import math
from decimal import Decimal
from fractions import Fraction


def t_quantile(freedom):
    """The t with 40 % of the density between 0 and t: Simpson's rule, then halving."""
    factor = math.exp(math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2))
    factor /= math.sqrt(freedom * math.pi)

    def density(x):
        return factor * (1 + x * x / freedom) ** (-(freedom + 1) / 2)

    def area(t, steps=400):
        width = t / steps
        inner = sum((4 if k % 2 else 2) * density(k * width) for k in range(1, steps))
        return width / 3 * (density(0) + inner + density(t))

    low, high = 0.0, 4.0
    for _step in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if area(middle) < 0.4 else (low, middle)
    return low


def points_of(rows):
    """The figures from the latest break on, without those that are only bounds."""
    with_value = sorted((row for row in rows if row[2] is not None), key=lambda row: row[1])
    segment = []
    for _series, year, value, bound, status in with_value:
        if "B" in status:
            segment = []
        segment.append((year, Fraction(value), bound))
    return [(year, value) for year, value, bound in segment if bound in ("exact", "about")]


def project(rows, year):
    """(value, low, high) without limits and without rounding; None with too few figures."""
    points = points_of(rows)
    n = len(points)
    if n < 4:
        return None
    # a·n + b·Σx = Σy and a·Σx + b·Σx² = Σxy, by Cramer's rule.
    sx = sum(x for x, _y in points)
    sy = sum(y for _x, y in points)
    sxx = sum(x * x for x, _y in points)
    sxy = sum(x * y for x, y in points)
    determinant = n * sxx - sx * sx
    a = (sy * sxx - sx * sxy) / determinant
    b = (n * sxy - sx * sy) / determinant
    # Variance of a further figure: s² · (1 + x₀ᵀ (XᵀX)⁻¹ x₀) with x₀ = (1, year).
    rest = sum((y - a - b * x) ** 2 for x, y in points)
    leverage = Fraction(sxx - 2 * year * sx + year * year * n, determinant)
    variance = rest / (n - 2) * (1 + leverage)
    margin = t_quantile(n - 2) * math.sqrt(variance)
    value = a + b * year
    return value, value - Fraction(margin), value + Fraction(margin)


def rounded(value):
    """Half-even to 4 places."""
    return Decimal(round(value * 10**4)).scaleb(-4)
