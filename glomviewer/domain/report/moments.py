"""When something happened: a time in UTC, and the zone of the clock on the wall."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """`when` is aware; `zone` is a name such as Europe/Berlin, "" where nobody knows it."""

    when: datetime
    zone: str = ""

    @property
    def utc(self) -> str:
        """`2026-11-21 22:15:04 UTC`: to the second, as a report says it."""
        return f"{self.when.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"

    @property
    def exact(self) -> str:
        """ISO 8601 in UTC to the microsecond, as a table for machines says it."""
        return self.when.astimezone(UTC).isoformat(timespec="microseconds")

    @property
    def local(self) -> str:
        """`23:15:04 Europe/Berlin`: what the clock on the wall said, with the date where that
        was another one; "" where it said UTC."""
        if self.zone in ("", "UTC", "Etc/UTC"):
            return ""
        zone = _zone(self.zone)
        if zone is None:
            return self.zone
        wall = self.when.astimezone(zone)
        same_day = wall.date() == self.when.astimezone(UTC).date()
        shown = f"{wall:%H:%M:%S}" if same_day else f"{wall:%Y-%m-%d %H:%M:%S}"
        return f"{shown} {self.zone}"


@cache
def _zone(name: str) -> ZoneInfo | None:
    """The zone, None where this machine has no table of it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
