"""Short work off the window's thread, whose answers come back on it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from glomviewer.jobs.gui_calls import GuiCalls, receiver_alive
from glomviewer.jobs.sentences import TOLD, sentence_of

T = TypeVar("T")

THREADS = 2


class ReadPool:
    """Requests of the window's thread. A newer one in the same lane replaces an older one, so
    that a reader who types or scrolls never waits for what he no longer asks."""

    def __init__(self, calls: GuiCalls, failed: Callable[[str], None]) -> None:
        self._calls = calls
        self._failed = failed
        self._executor = ThreadPoolExecutor(THREADS, thread_name_prefix="glomviewer-read")
        self._lanes: dict[str, int] = {}
        self._forgotten = 0
        self._outstanding = 0

    @property
    def idle(self) -> bool:
        """Whether every answer has been given."""
        return self._outstanding == 0

    def submit(
        self,
        work: Callable[[], T],
        answer: Callable[[T], None],
        *,
        lane: str = "",
        failed: Callable[[str], None] | None = None,
        personal: bool = False,
    ) -> None:
        """`personal`: the answer is for who asks, and not to be given after `forget`."""
        ticket = self._lanes.get(lane, 0) + 1
        self._lanes[lane] = ticket
        forgotten = self._forgotten

        def current() -> bool:
            if personal and self._forgotten != forgotten:
                return False
            return not lane or self._lanes[lane] == ticket

        def work_if_wanted() -> tuple[T] | None:
            return (work(),) if current() else None

        def answer_if_wanted(value: tuple[T] | None) -> None:
            if value is not None and current() and receiver_alive(answer):
                answer(value[0])

        def take(done: Future[Any]) -> None:
            self._outstanding -= 1
            self.deliver(done, answer_if_wanted, failed)

        self._outstanding += 1
        future = self._executor.submit(work_if_wanted)
        future.add_done_callback(lambda done: self._calls.post(lambda: take(done)))

    def forget(self) -> None:
        """Give no personal answer that was asked for so far: somebody else sits here now."""
        self._forgotten += 1

    def deliver(
        self,
        future: Future[Any],
        answer: Callable[[Any], None],
        failed: Callable[[str], None] | None = None,
    ) -> None:
        """On the window's thread: give an answer, or say what went wrong."""
        if future.cancelled():
            return
        error = future.exception()
        if error is None:
            answer(future.result())
            return
        tell = failed if failed is not None and receiver_alive(failed) else self._failed
        tell(sentence_of(error))
        if not isinstance(error, TOLD):
            # A fault of the program belongs in the log, by way of the exception hook.
            raise error

    def close(self) -> None:
        """Drop what waits, and return when what is running has ended."""
        self._executor.shutdown(wait=True, cancel_futures=True)
