import gc
import threading
import weakref

import pytest
from PySide6.QtCore import QObject

from glomviewer.jobs.gui_garbage import GuiGarbage


@pytest.fixture
def garbage(qapp):
    garbage = GuiGarbage(every_ms=20)
    yield garbage
    garbage.close()


class InACycle(QObject):
    def __init__(self):
        super().__init__()
        self.itself = self


def allocate_much():
    for _ in range(50):
        _ = [[] for _ in range(2000)]


def test_a_cycle_is_not_freed_by_another_thread(garbage):
    dead = weakref.ref(InACycle())
    thread = threading.Thread(target=allocate_much)
    thread.start()
    thread.join()
    assert dead() is not None


def test_a_cycle_is_freed_on_the_window_thread(qtbot, garbage):
    freed_on = []
    weakref.finalize(InACycle(), lambda: freed_on.append(threading.current_thread()))
    kept = []

    def freed():
        kept.extend([] for _ in range(2000))
        return bool(freed_on)

    qtbot.waitUntil(freed)
    assert freed_on == [threading.main_thread()]


def test_python_collects_by_itself_again_afterwards(qapp):
    was_enabled = gc.isenabled()
    garbage = GuiGarbage()
    assert not gc.isenabled()
    garbage.close()
    assert gc.isenabled() == was_enabled
