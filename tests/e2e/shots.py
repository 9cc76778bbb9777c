"""Pictures of the screens of a story, for whoever wants to look at them."""

import os
from pathlib import Path

from PySide6.QtWidgets import QWidget

FOLDER = "GLOMVIEWER_SHOTS"
"""Names the folder that pictures go to; without it none are taken."""


def shoot(widget: QWidget, name: str) -> None:
    folder = os.environ.get(FOLDER)
    if folder:
        path = Path(folder)
        path.mkdir(parents=True, exist_ok=True)
        widget.grab().save(str(path / f"{name.replace(' ', '-').lower()}.png"))
