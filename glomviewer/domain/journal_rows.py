"""The journal as a page of it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from glomviewer.domain.records import Reader


@dataclass(frozen=True, slots=True)
class JournalRow:
    """One act. `origin` is the uuid of the installation's log and `sequence` its number there;
    `batch` and `patches` are of a gesture; `body` says what, old, new and why of the others."""

    id: int
    origin: str
    sequence: int
    clock: int
    kind: str
    title: str
    reader: Reader | None
    made_at: datetime
    zone: str
    program: str
    hash: str
    batch: int | None = None
    patches: int = 0
    body: Mapping[str, Any] = field(default_factory=dict)
