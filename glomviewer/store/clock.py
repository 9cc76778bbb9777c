"""Moments as the library stores them: microseconds since 1970 in UTC, and the zone beside."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import tzlocal

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def now() -> int:
    """UTC microseconds of this moment."""
    return time.time_ns() // 1000


def zone_name() -> str:
    """The name of this machine's time zone, such as Europe/Berlin; UTC where nobody knows."""
    try:
        return tzlocal.get_localzone_name()
    except (LookupError, ValueError, OSError):
        return "UTC"


def moment(microseconds: int) -> datetime:
    """An aware UTC time."""
    return _EPOCH + timedelta(microseconds=microseconds)


def microseconds(when: datetime) -> int:
    """The stored form of an aware time."""
    return (when - _EPOCH) // timedelta(microseconds=1)


def told(microseconds: int) -> str:
    """A moment for a sentence about the log, whatever number a log may hold."""
    try:
        return f"{moment(microseconds):%Y-%m-%d %H:%M} UTC"
    except (OverflowError, TypeError):
        return f"moment {microseconds!r}"
