"""Where the program's own files and the user's settings are."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import platformdirs

_HOME = "GLOMVIEWER_HOME"


def resources_dir() -> Path:
    """The folder with icons, label sets, demo patches and the demo model."""
    bundled = getattr(sys, "_MEIPASS", None)
    if bundled is not None:
        return Path(bundled) / "resources"
    package = Path(__file__).resolve().parent
    installed = package / "_resources"
    return installed if installed.is_dir() else package.parent / "resources"


def config_dir() -> Path:
    """The folder of this user's settings; `GLOMVIEWER_HOME` puts it elsewhere."""
    home = os.environ.get(_HOME)
    return Path(home) if home else platformdirs.user_config_path("glomviewer", appauthor=False)


def data_dir() -> Path:
    """The folder for libraries and logs that the user did not place himself."""
    home = os.environ.get(_HOME)
    return Path(home) / "data" if home else platformdirs.user_data_path("glomviewer", False)


@contextmanager
def installation_in(folder: Path) -> Iterator[None]:
    """Be an installation whose settings, keys and memory of packs lie in this folder, and leave
    the user's alone. For the whole process, so for one thread's work at a time."""
    before = os.environ.get(_HOME)
    os.environ[_HOME] = str(folder.absolute())
    try:
        yield
    finally:
        if before is None:
            del os.environ[_HOME]
        else:
            os.environ[_HOME] = before
