"""Looking at a pack and making a library of it, while no library need be open."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from glomviewer.jobs import operations
from glomviewer.jobs.gui_calls import GuiCalls
from glomviewer.jobs.sentences import TOLD, sentence_of
from glomviewer.store.exchange.glance import PackGlance, glance
from glomviewer.store.exchange.opening import OpenedPack
from glomviewer.store.exchange.watching import Watching
from glomviewer.store.packs.errors import PackCancelled, PassphraseNeeded


class PackOpening(QObject):
    """One file, in a thread of its own. `close` has to be called at the end."""

    looked = Signal(object)
    """A PackGlance: what the file says it is."""
    passphrase_needed = Signal()
    """The file is encrypted, and no passphrase was given."""
    opened = Signal(object)
    """An OpenedPack: its library is whole."""
    failed = Signal(str)
    progressed = Signal(int, int, str)

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.path = path
        self._calls = GuiCalls(self)
        self._cancelled = threading.Event()
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="glomviewer-pack")

    def look(self, passphrase: str = "") -> None:
        self._submit(lambda: glance(self.path, passphrase=passphrase), self._on_looked)

    def open(self, folder: Path, *, passphrase: str = "", trust: str = "") -> None:
        """Make the library at `folder`, or find the one that was made before."""
        watching = Watching(self._tell, self._cancelled.is_set)
        self._submit(
            lambda: operations.open_pack(
                self.path, folder=folder, passphrase=passphrase, trust=trust, watching=watching
            ),
            self._on_opened,
        )

    def close(self) -> None:
        """Cancel what is going on, and return when it has stopped; nothing is left behind."""
        self._cancelled.set()
        self._calls.close()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _submit(self, work: Callable[[], Any], answer: Callable[[Any], None]) -> None:
        future = self._pool.submit(work)
        future.add_done_callback(lambda done: self._calls.post(lambda: self._on_end(done, answer)))

    def _tell(self, done: int, total: int, stage: str) -> None:
        self._calls.post(lambda: self.progressed.emit(done, total, stage))

    def _on_end(self, future: Future[Any], answer: Callable[[Any], None]) -> None:
        error = future.exception()
        if error is None:
            answer(future.result())
        elif isinstance(error, PassphraseNeeded):
            self.passphrase_needed.emit()
        elif not isinstance(error, PackCancelled):
            self.failed.emit(sentence_of(error))
            if not isinstance(error, TOLD):
                raise error

    def _on_looked(self, found: PackGlance) -> None:
        self.looked.emit(found)

    def _on_opened(self, found: OpenedPack) -> None:
        self.opened.emit(found)
