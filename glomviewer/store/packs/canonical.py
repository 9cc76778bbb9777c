"""One spelling of JSON: what is hashed or signed has the same bytes on every machine."""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn


def canonical(value: Any) -> str:
    """JSON with sorted keys and no spaces, characters as they are.

    Raises:
        ValueError: a number is not finite or a text can't be UTF-8.
        TypeError: something that JSON has no word for.
    """
    text = _ENCODER.encode(value)
    text.encode("utf-8")
    return text


def parsed(text: str | bytes) -> Any:
    """The value of JSON from a foreign file, in whatever spelling.

    Raises:
        ValueError: it is no JSON, no UTF-8, nested too deeply, or holds NaN or infinity.
    """
    try:
        plain = text if isinstance(text, str) else text.decode("utf-8")
        if plain[:1] in _STARTS:
            # Half of the time of a short line goes into looking for spaces around it.
            value, end = _DECODER.raw_decode(plain)
            if end == len(plain):
                return value
        return _DECODER.decode(plain)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def parsed_canonical(data: bytes) -> Any:
    """The value of JSON that must be spelled as `canonical` spells it: no key twice, for one.

    Raises:
        ValueError: it is not.
    """
    value = parsed(data)
    try:
        again = canonical(value)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if again.encode("utf-8") != data:
        raise ValueError("not in its canonical form")
    return value


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(f"{digits} is too large a number")
    return number


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


_STARTS = ("{", "[")

# Made once: one for each of 100,000 lines takes longer than the lines.
_ENCODER = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
)
_DECODER = json.JSONDecoder(parse_constant=_refuse_constant, parse_float=_finite)
