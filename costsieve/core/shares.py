"""Splitting an amount so that the parts add up to it exactly. Who shares what, and by which key, is in costsieve.allocation."""

from collections.abc import Mapping
from decimal import Context, Decimal

_SMALLEST = 10**12
"""Parts of one unit of currency that money.MONEY can hold."""

_EXACT = Context(prec=80)


def split[K: str | int | None](amount: Decimal, weights: Mapping[K, Decimal]) -> dict[K, Decimal]:
    """Split ``amount`` in proportion to ``weights``, to the twelfth decimal, by the method of the largest remainder.

    The parts add up to the amount exactly, have its sign, and do not depend on the order of the weights: equal remainders go to the
    smaller key first. Weights of zero or less take no part; without a positive weight nothing is split and the answer is empty.
    """
    parts = {key: _units(weight) for key, weight in weights.items() if weight > 0}
    whole = sum(parts.values())
    if not whole:
        return {}
    sign, units = (-1 if amount < 0 else 1), abs(_units(amount))
    shares = {key: units * part // whole for key, part in parts.items()}
    missing = units - sum(shares.values())
    by_remainder = sorted(parts, key=lambda key: (-(units * parts[key] % whole), key is None, key if isinstance(key, int) else str(key)))
    for key in by_remainder[:missing]:
        shares[key] += 1
    return {key: _money(sign * share) for key, share in shares.items()}


def _units(amount: Decimal) -> int:
    return int(_EXACT.scaleb(amount, 12))


def _money(units: int) -> Decimal:
    whole, rest = divmod(abs(units), _SMALLEST)
    return Decimal(f"{'-' if units < 0 else ''}{whole}.{rest:012d}")
