"""Where the program's own files and the user's settings are."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import platformdirs


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
    home = os.environ.get("GLOMVIEWER_HOME")
    return Path(home) if home else platformdirs.user_config_path("glomviewer", appauthor=False)


def data_dir() -> Path:
    """The folder for libraries and logs that the user did not place himself."""
    home = os.environ.get("GLOMVIEWER_HOME")
    return Path(home) / "data" if home else platformdirs.user_data_path("glomviewer", False)
