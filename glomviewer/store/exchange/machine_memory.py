"""What this installation remembers of packs beside any library: whose keys were compared here,
and where it has put the library of a pack, so that a pack opened again leads to the same one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from filelock import FileLock

from glomviewer.paths import config_dir
from glomviewer.store import clock
from glomviewer.store.packs.keys import fingerprint
from training.atomic import write_text

_FILE = "packs.json"
_WAIT = 30.0
_HOMES, _OPENED = "homes", "opened"


def knows_home(public: bytes) -> bool:
    """Whether this key was compared on this machine with that of a pack's sender."""
    known = _read().get(_HOMES, {}).get(fingerprint(public))
    return isinstance(known, dict) and known.get("public_key") == public.hex()


def remember_home(public: bytes) -> None:
    _change(_HOMES, fingerprint(public), {"public_key": public.hex(), "trusted_at": clock.now()})


def forget_home(of: str) -> None:
    """The key with this fingerprint is to be compared again before its next pack is opened."""
    if of in _read().get(_HOMES, {}):
        _change(_HOMES, of, None)


def library_of(reading: str, reader: str) -> Path | None:
    """Where this reader's library of this reading was put (uuids of both)."""
    folder = _read().get(_OPENED, {}).get(f"{reading} {reader}")
    return Path(folder) if isinstance(folder, str) else None


def remember_library(reading: str, reader: str, folder: Path) -> None:
    _change(_OPENED, f"{reading} {reader}", str(folder.absolute()))


def _change(part: str, key: str, value: Any) -> None:
    file = config_dir() / _FILE
    file.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(file.with_name(f"{file.name}.lock"), timeout=_WAIT):
        known = _read()
        if value is None:
            known.setdefault(part, {}).pop(key, None)
        else:
            known.setdefault(part, {})[key] = value
        # In ASCII: a folder's name may hold bytes that are no text.
        write_text(file, json.dumps(known, indent=1, sort_keys=True))


def _read() -> dict[str, Any]:
    """What is remembered; nothing where the file is not there or not ours."""
    try:
        value = json.loads((config_dir() / _FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(value, dict):
        return {}
    return {part: known for part, known in value.items() if isinstance(known, dict)}
