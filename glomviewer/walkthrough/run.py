"""The demo where there is no display: the main job step by step, and a picture of each page."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from glomviewer.walkthrough.display import missing_for_qt

OUTPUT = Path("demo-output")
MARK = "made-by-glomviewer-demo"


def walk_through_demo(output: Path = OUTPUT) -> int:
    """Walk through, writing below `output` only; the exit code."""
    print("There is no display here: the demo walks through the main job without one.")
    missing = missing_for_qt()
    if missing:
        print(f"error: {missing}", file=sys.stderr)
        return 2
    _make_room(output)
    # The demo must not read or change what the user keeps for his own libraries.
    os.environ["GLOMVIEWER_HOME"] = str((output / "settings").absolute())
    os.environ["QT_QPA_PLATFORM"] = "offscreen"

    from PySide6.QtWidgets import QApplication

    from glomviewer.store.settings import DEMO_READER
    from glomviewer.walkthrough.loop import walk_through
    from glomviewer.walkthrough.pictures import take_pictures

    # Of the kind that shows windows, before the report asks for one that only knows fonts.
    application = QApplication.instance() or QApplication(["glomviewer"])
    library = output / "demo.glomlib"
    walk_through(library.absolute(), exports=output, tell=_tell)
    print("\nPictures of each page", flush=True)
    take_pictures(library.absolute(), output, reader=DEMO_READER, tell=_tell)
    application.shutdown()
    print("\nPatches and readers are drawn and not real. For review, not for diagnosis.")
    return 0


def _make_room(output: Path) -> None:
    """Only what an earlier walk-through has left is removed."""
    if (output / MARK).exists():
        shutil.rmtree(output)
    output.mkdir(parents=True, exist_ok=True)
    (output / MARK).write_text("This folder is made anew by `glomviewer demo`.\n", "utf-8")


def _tell(sentence: str) -> None:
    print(sentence, flush=True)
