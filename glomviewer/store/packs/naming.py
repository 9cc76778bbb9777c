"""What files of packs are called, so that no name tells a patient."""

from __future__ import annotations

import re

from glomviewer.domain.pseudonyms import mentions_patient
from glomviewer.store.packs.manifest import PackKind

_LONGEST = 60
_NOT_IN_A_NAME = re.compile(r"[^\w\-]+")
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)


def pack_file_name(kind: PackKind, title: str, initials: str = "") -> str:
    """A name for the file that Windows, Linux and mail take: Sclerosis-study-AO.glompack.

    A title that seems to name a patient is left out.
    """
    shown = "" if mentions_patient(title) else title
    parts = [_plain(shown), _plain(initials)]
    stem = "-".join(part for part in parts if part) or kind.value
    if _DEVICE.fullmatch(stem):
        stem = f"{stem}-{kind.value}"
    return f"{stem}{kind.suffix}"


def member_name(folder: str, number: int, suffix: str) -> str:
    """patches/000012.png; the number should be one that tells nothing, such as an item's place."""
    return f"{folder}/{number:06d}{suffix}"


def _plain(text: str) -> str:
    return _NOT_IN_A_NAME.sub("-", text).strip("-_")[:_LONGEST].strip("-_")
