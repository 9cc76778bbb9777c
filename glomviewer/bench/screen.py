"""A screen that nobody sees, of the size of a usual one."""

from __future__ import annotations

import json
from pathlib import Path

WIDTH, HEIGHT = 1920, 1080


def offscreen_platform(folder: Path) -> str:
    """The value of QT_QPA_PLATFORM; Qt's own offscreen screen has 800 x 800 pixels."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "screen.json"
    screen = {
        "name": "bench",
        "x": 0,
        "y": 0,
        "width": WIDTH,
        "height": HEIGHT,
        "logicalDpi": 96,
        "logicalBaseDpi": 96,
        "dpr": 1,
    }
    file.write_text(json.dumps({"screens": [screen]}), encoding="utf-8")
    return f"offscreen:configfile={file.as_posix()}"
