"""What holds for every test: a home of its own, no display, and no thread left behind."""

import gc
import os
import shutil
import threading
import time

import pytest
from hypothesis import HealthCheck, settings
from pytestqt.qtbot import QtBot

# How long an example takes says more about the machine than about the code.
settings.register_profile("explore", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# The same examples each time: a red test comes from a change. `make test-all` explores.
settings.register_profile(
    "steady", settings.get_profile("explore"), derandomize=True, database=None
)
settings.load_profile("steady")

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# A wait ends when what it waits for is there; only a failure takes as long as this.
PATIENCE_MS = 60_000
THREADS_PATIENCE = 20.0
for wait in (
    QtBot.waitActive,
    QtBot.waitCallback,
    QtBot.waitExposed,
    QtBot.waitSignal,
    QtBot.waitSignals,
    QtBot.waitUntil,
):
    wait.__kwdefaults__ = {**(wait.__kwdefaults__ or {}), "timeout": PATIENCE_MS}

# Qt's global pool and libraries' own pools may keep their threads for the next test.
KEPT_BY_LIBRARIES = ("pymp", "ThreadPoolExecutor-torch", "pytest_timeout", "tqdm", "Dummy-")


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """Settings, logs and libraries of a test lie below its own folder."""
    folder = tmp_path / "home"
    monkeypatch.setenv("GLOMVIEWER_HOME", str(folder))
    return folder


@pytest.fixture(scope="session", autouse=True)
def as_in_life(tmp_path_factory):
    """What a test of the thing itself puts back: the power is not cut during a test, so nothing
    waits for the disk; and every new library begins as a copy of one empty database."""
    from glomviewer.store import engine, opened

    real = {"synchronous": engine.SYNCHRONOUS}
    empty = tmp_path_factory.mktemp("empty") / "library.sqlite"
    opened._make_tables(empty)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opened, "_make_tables", lambda file: shutil.copyfile(empty, file))
        patch.setattr(engine, "SYNCHRONOUS", "OFF")
        yield real


@pytest.fixture(autouse=True)
def garbage_of_the_window_thread(request):
    """Qt's objects in cycles are freed here, never by a thread that happens to allocate."""
    if not {"qapp", "qtbot"} & set(request.fixturenames):
        yield
        return
    was_enabled = gc.isenabled()
    gc.disable()
    # What was there before, such as all of torch, need not be looked through after each test.
    gc.freeze()
    yield
    gc.collect()
    gc.unfreeze()
    if was_enabled:
        gc.enable()


@pytest.fixture(autouse=True)
def no_leaked_thread(request):
    """Fail a test that leaves a Python thread running."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + THREADS_PATIENCE
    while (left := _left(before)) and time.monotonic() < deadline:
        left[0].join(timeout=0.05)
    if left:
        names = ", ".join(thread.name for thread in left)
        pytest.fail(f"{request.node.name} left threads running: {names}")


def _left(before):
    return [
        thread
        for thread in threading.enumerate()
        if thread not in before and not thread.name.startswith(KEPT_BY_LIBRARIES)
    ]
