"""The reviewing size: no torch anywhere, and the window says what is missing where it is asked."""

import subprocess
import sys
import venv

import pytest
from PySide6.QtCore import Qt
from seat import CONTROL, SHIFT

from glomviewer.settings import SettingsFile
from glomviewer.ui.dialogs.add_model import AddModelDialog
from glomviewer.ui.page_bar import PageName

Key = Qt.Key
HEAVY = ("torch", "torchvision", "timm", "sklearn", "pandas", "safetensors")
WITHOUT = f"""
import sys
for name in {HEAVY!r}:
    sys.modules[name] = None
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from glomviewer.__main__ import main
qt = QApplication([])
def look():
    window = next(w for w in qt.topLevelWidgets() if hasattr(w, "opened") and w.isVisible())
    review = window.review
    if review is not None and len(review.grid.ids) and window.opened.session.is_idle:
        print(len(review.grid.ids), "patches", flush=True)
        window.close()
timer = QTimer()
timer.timeout.connect(look)
timer.start(20)
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture
def bare_python(tmp_path):
    """An interpreter with nothing installed, as someone's own Python would be."""
    folder = tmp_path / "bare"
    venv.create(folder, with_pip=False)
    return folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


@pytest.fixture
def without_torch(bare_python, library):
    SettingsFile().change(python=str(bare_python))
    return library


def test_one_can_review_and_is_told_what_models_need(sit_down, without_torch, bare_python):
    def story(seat):
        seat.settle()
        patch = seat.grid.current_patch
        seat.press(Key.Key_U)
        seat.settle()
        assert seat.library.history(patch)[0].label == 2
        device = seat.window.status.device
        seat.wait(lambda: device.text() == "Models cannot run here")
        assert "torch" in device.toolTip()
        seat.go_to(PageName.MODELS)
        retrain = seat.models.retrain
        assert not retrain.button.isEnabled()
        assert retrain.missing.isVisible()
        assert "torch" in retrain.missing.text()
        assert str(bare_python) in retrain.command.text()
        assert "pip install" in retrain.command.text()

    sit_down(story, str(without_torch))


def test_a_checkpoint_is_refused_in_one_sentence_with_the_remedy(sit_down, without_torch, tmp_path):
    checkpoint = tmp_path / "old.pth"
    checkpoint.write_bytes(b"weights")

    def story(seat):
        seat.go_to(PageName.MODELS)
        models = len(seat.library.models())
        seat.press(Key.Key_A, CONTROL | SHIFT)
        seat.dialog(AddModelDialog)
        seat.write(str(checkpoint))
        seat.press(Key.Key_Return)
        failure = seat.window.failure
        seat.wait(failure.isVisible)
        assert "torch" in failure.text.text()
        assert "pip install" in failure.text.text()
        assert len(seat.library.models()) == models

    sit_down(story, str(without_torch))


def test_the_program_starts_where_torch_cannot_be_imported(library):
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT, str(library)], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "24 patches\n"
