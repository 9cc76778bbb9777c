"""The whole program, started as the shell starts it, on drawn patches."""

import csv
import signal
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

import pytest
from builders import PatchPlan, add_model, make_library, plans
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QFileDialog
from seat import Seat

from glomviewer.__main__ import main
from glomviewer.app import App
from glomviewer.domain.labels import Split
from glomviewer.drawn import CohortOptions, draw_cohort, write_cohort
from glomviewer.settings import SettingsFile
from glomviewer.ui.main_window import MainWindow

PATCHES, CASES, SEED = 72, 14, 20
SIDE = 64
SMALLEST_SCREEN = (1280, 720)


@dataclass(frozen=True)
class Cohort:
    """A folder with a CSV as people bring it, and what each patch was drawn as, by name."""

    folder: Path
    truth: dict[str, int | None]
    written: dict[str, int | None]
    splits: dict[str, str]


@pytest.fixture(scope="session")
def cohort(tmp_path_factory) -> Cohort:
    """Drawn patches of some cases, a few of them labelled wrongly and a few not at all."""
    folder = tmp_path_factory.mktemp("drawn") / "patches of 2026"
    options = CohortOptions(size=SIDE, wrong=0.08)
    patches = list(draw_cohort(PATCHES, SEED, CASES, options))
    write_cohort(folder, patches)
    (folder / "truth.csv").unlink()
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as file:
        splits = {row["name"]: row["split"] for row in csv.DictReader(file)}
    return Cohort(
        folder,
        truth={patch.name: patch.truth for patch in patches},
        written={patch.name: patch.label for patch in patches},
        splits=splits,
    )


@pytest.fixture
def library(tmp_path):
    """A library with something to show on every card; Ann reads it."""
    long_named = PatchPlan(
        case="S-2024-000017-B4-left-kidney",
        slide="S-2024-000017_PAS_3of12",
        label=1,
        split=Split.TRAIN,
    )
    small = make_library(
        tmp_path, [*plans(), long_named], readers=[("Ann Reader", "AR"), ("Bob Other", "BO")]
    )
    table = small.library.load_table(None)
    logits = {
        int(patch): (3.0 if label == 1 else -3.0)
        for patch, label in zip(table.ids, table["imported"], strict=True)
    }
    add_model(small, logits)
    add_model(small, {patch: -logit for patch, logit in logits.items()}, version=2)
    ann, bob = small.readers
    small.library.decide(reader=ann, patches=[1], label=1, call_shown=False)
    small.library.decide(reader=bob, patches=[1], label=0, call_shown=False)
    small.library.comment(reader=ann, patch=2, text="Cut at the pole, so it may be more.")
    small.library.exclude(reader=ann, patches=[3], reason="wrong stain")
    small.library.backup_now("by hand")
    origin, folder = small.library.origin, small.library.folder
    small.library.close()
    SettingsFile().change(readers={origin: ann}, reader_name="Ann Reader", reader_initials="AR")
    return folder


@pytest.fixture
def choose(monkeypatch):
    """Make the system's own file dialog answer with this folder."""

    def choose(folder: Path) -> None:
        monkeypatch.setattr(
            QFileDialog, "getExistingDirectory", lambda *_args, **_more: str(folder)
        )

    return choose


@pytest.fixture
def sit_down(qtbot, qapp):
    """Start the program with these arguments, and let a story happen before its window.

    The story ends with the window closed, by itself or by leaving.
    """
    looks = (qapp.style().name(), qapp.palette(), qapp.font())
    interrupt = signal.getsignal(signal.SIGINT)

    def sit_down(story: Callable[[Seat], None], *arguments: str) -> None:
        told: Future[None] = Future()

        def tell() -> None:
            window = next(
                widget
                for widget in qapp.topLevelWidgets()
                if isinstance(widget, MainWindow) and widget.isVisible()
            )
            try:
                qtbot.waitExposed(window)
                window.resize(*SMALLEST_SCREEN)
                window.activateWindow()
                told.set_result(story(Seat(qtbot, window)))
            except BaseException as error:  # noqa: BLE001 - raised again outside Qt's loop
                told.set_exception(error)
            finally:
                qapp.closeAllWindows()

        QTimer.singleShot(0, tell)
        code = main(list(arguments))
        _forget_windows(qapp)
        told.result(timeout=0)
        assert code == 0

    yield sit_down
    signal.signal(signal.SIGINT, interrupt)
    qapp.setStyleSheet("")
    qapp.setStyle(looks[0])
    qapp.setPalette(looks[1])
    qapp.setFont(looks[2])


def _forget_windows(qapp: QApplication) -> None:
    """A process has one window in its life; here the next one must not meet this one."""
    for app in [child for child in qapp.children() if isinstance(child, App)]:
        app.window.deleteLater()
        app.deleteLater()
