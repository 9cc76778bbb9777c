"""Whether a window can be opened here at all."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Mapping

QT_PACKAGES = (
    "libegl1 libgl1 libfontconfig1 libdbus-1-3 libglib2.0-0 libxkbcommon0 libxkbcommon-x11-0 "
    "libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 "
    "libxcb-render-util0 libxcb-shape0 libxcb-xinerama0 libxcb-xkb1"
)


def has_display(platform: str = sys.platform, environment: Mapping[str, str] = os.environ) -> bool:
    """Windows and macOS have one; elsewhere X11 or Wayland says so in the environment."""
    if platform in ("win32", "darwin"):
        return True
    chosen = environment.get("QT_QPA_PLATFORM", "")
    if chosen:
        return chosen not in ("offscreen", "minimal")
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def missing_for_qt() -> str:
    """Empty where Qt's widgets can be loaded, else a sentence with what to install."""
    try:
        importlib.import_module("PySide6.QtWidgets")
    except ImportError as error:
        return (
            f"Qt can't be loaded ({error}). On Debian or Ubuntu this installs what it needs: "
            f"apt-get install {QT_PACKAGES}"
        )
    return ""
