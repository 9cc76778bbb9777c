"""A library that another process has open: everything may be looked at, nothing changed."""

import subprocess
import sys

import pytest
from dispute_steps import disputes
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog
from reading_steps import readings
from seat import CONTROL, SHIFT

from glomviewer.domain.labels import NO_LABEL
from glomviewer.store.verify import verify
from glomviewer.ui.page_bar import PageName

Key = Qt.Key
HOLDS = """
import sys
from pathlib import Path
from glomviewer.store.library import Library
library = Library.open(Path(sys.argv[1]))
print("open", flush=True)
sys.stdin.read()
library.close()
"""


@pytest.fixture
def held(library):
    """Another process that has the library open for writing."""
    other = subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(library)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert other.stdout is not None
    assert other.stdout.readline() == "open\n"
    yield other
    other.communicate()


def test_the_second_window_reads_only_and_says_who_has_it(sit_down, library, held):
    def story(seat):
        seat.settle()
        window = seat.window
        assert seat.session.read_only
        assert f"process {held.pid}" in window.read_only.text.text()
        assert window.read_only.isVisible()
        assert window.status.saved.text() == "Open for reading only"
        before = seat.grid.current_patch
        seat.press(Key.Key_U)
        seat.wait(lambda: "reading only" in window.status.message.text())
        assert f"process {held.pid}" in window.status.message.text()
        assert seat.grid.current_patch == before
        seat.press(Key.Key_Right)
        assert seat.grid.current_patch != before
        for page in PageName:
            seat.go_to(page)
        assert not seat.models.retrain.button.isEnabled()
        assert not seat.models.versions.add.isEnabled()
        nothing_is_read_or_settled(seat)
        labels = seat.library.load_table(seat.session.reader.id)["current"]
        assert labels[1:].tolist() == [NO_LABEL] * (len(labels) - 1)

    sit_down(story, str(library))
    assert held.poll() is None
    assert verify(library).problems == []


def nothing_is_read_or_settled(seat):
    """Neither a reading nor a verdict is asked for, since it could not be kept."""
    seat.go_to(PageName.READINGS)
    assert "reading only" in readings(seat).state.message.sentence.text()
    seat.press(Key.Key_N, CONTROL | SHIFT)
    seat.go_to(PageName.DISPUTES)
    page = disputes(seat)
    seat.wait(lambda: page.patch == 1)
    seat.press(Key.Key_1)
    assert page.bar.verdict is None
    assert "reading only" in page.bar.note.text()
    assert not [one for one in seat.window.findChildren(QDialog) if one.isVisible()]


def test_once_the_other_is_closed_the_library_can_be_written_to(sit_down, library, held):
    def beside_the_other(seat):
        seat.settle()
        assert seat.session.read_only

    def alone(seat):
        seat.settle()
        assert not seat.window.read_only.isVisible()
        patch = seat.grid.current_patch
        seat.press(Key.Key_U)
        seat.settle()
        assert seat.library.history(patch)[0].label == 2

    sit_down(beside_the_other, str(library))
    held.communicate()
    sit_down(alone, str(library))
