"""Speaks with `python -m training serve`: requests in, typed events out. No Qt.

The child is started at the first request, and again at the next one after it has died.
"""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from typing import IO, Any

from glomviewer.jobs.process_tree import ProcessIdentity, end_tree
from glomviewer.jobs.python_command import flags_of_child
from glomviewer.jobs.sentences import JobError
from glomviewer.jobs.tail import LineTail
from training import events

OnEvent = Callable[[events.Event], None]
END_GRACE = 3.0


class WorkerError(JobError):
    """The worker refused a request or died; the sentence says which."""


class WorkerCancelled(WorkerError):  # noqa: N818 - no error: the reader asked for it
    """The request was cancelled."""


class WorkerRequest:
    """One request that was sent. `result` waits for the payload of its result."""

    def __init__(self, number: int, child: _Child, on_event: OnEvent | None) -> None:
        self.number = number
        self.future: Future[dict[str, Any]] = Future()
        self._child = child
        self._on_event = on_event

    def result(self, timeout: float | None = None) -> dict[str, Any]:
        """Raises WorkerError, WorkerCancelled, or TimeoutError after `timeout` seconds."""
        return self.future.result(timeout)

    def cancel(self) -> None:
        """Ask the worker to stop; `result` raises WorkerCancelled once it has."""
        with suppress(OSError, ValueError):
            self._child.send({"id": 0, "verb": "cancel", "target": self.number})

    def take(self, event: events.Event) -> bool:
        """Take an event of this request; whether it was the last one."""
        if isinstance(event, events.Result):
            self.future.set_result(event.payload)
            return True
        if isinstance(event, events.Error):
            kind = WorkerCancelled if event.kind == "cancelled" else WorkerError
            self.future.set_exception(kind(event.message))
            return True
        if self._on_event is not None:
            self._on_event(event)
        return False


class WorkerClient:
    """One long-lived child. Safe from any thread; `on_event` is called on the reading thread."""

    def __init__(self, command: Sequence[str], *, variables: Mapping[str, str]) -> None:
        self._command = list(command)
        self._variables = dict(variables)
        self._child: _Child | None = None
        self._lock = threading.Lock()
        self._closed = False

    @property
    def running(self) -> bool:
        child = self._child
        return child is not None and child.running

    def request(
        self, verb: str, *, on_event: OnEvent | None = None, **values: Any
    ) -> WorkerRequest:
        """Send a request.

        Raises:
            WorkerError: the worker can't be started.
        """
        with self._lock:
            if self._closed:
                raise WorkerError("The model worker has been closed.")
            if self._child is None or not self._child.running:
                self._discard()
                self._child = _Child(self._command, self._variables)
            return self._child.request(verb, on_event, values)

    def close(self) -> None:
        """End the child and everything below it, and return when it is gone."""
        with self._lock:
            self._closed = True
            self._discard()

    def _discard(self) -> None:
        if self._child is not None:
            self._child.close()
            self._child = None


class _Child:
    """One life of the worker."""

    def __init__(self, command: Sequence[str], variables: Mapping[str, str]) -> None:
        try:
            self._process = subprocess.Popen(
                list(command),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=dict(variables),
                encoding="utf-8",
                errors="replace",
                creationflags=flags_of_child(),
            )
        except OSError as error:
            reason = error.strerror or str(error)
            raise WorkerError(f"The model worker can't be started: {reason}.") from error
        self._identity = ProcessIdentity.of(self._process.pid)
        self._requests: dict[int, WorkerRequest] = {}
        self._next = 1
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._dead = False
        self._said = LineTail()
        self._threads = [
            threading.Thread(target=self._read_events, name="glomviewer-worker-events"),
            threading.Thread(target=self._read_errors, name="glomviewer-worker-errors"),
        ]
        for thread in self._threads:
            thread.start()

    @property
    def running(self) -> bool:
        return not self._dead

    def request(
        self, verb: str, on_event: OnEvent | None, values: Mapping[str, Any]
    ) -> WorkerRequest:
        with self._lock:
            request = WorkerRequest(self._next, self, on_event)
            self._next += 1
            if self._dead:
                request.future.set_exception(WorkerError(self._death()))
                return request
            self._requests[request.number] = request
        # A child that dies just now closes its pipe, and the reading thread fails the request.
        with suppress(OSError, ValueError):
            self.send({"id": request.number, "verb": verb, **values})
        return request

    def send(self, message: Mapping[str, Any]) -> None:
        with self._writing:
            stdin = _pipe(self._process.stdin)
            stdin.write(json.dumps(message) + "\n")
            stdin.flush()

    def close(self) -> None:
        with suppress(OSError, ValueError):
            self.send({"id": 0, "verb": "quit"})
        with suppress(OSError, ValueError), self._writing:
            _pipe(self._process.stdin).close()
        try:
            self._process.wait(END_GRACE)
        except subprocess.TimeoutExpired:
            if self._identity is not None:
                end_tree(self._identity, grace=END_GRACE)
            self._process.kill()
            self._process.wait()
        for thread in self._threads:
            thread.join()
        _pipe(self._process.stdout).close()
        _pipe(self._process.stderr).close()

    def _read_events(self) -> None:
        try:
            for line in _pipe(self._process.stdout):
                self._take(events.decode(line.rstrip("\n")))
        except BaseException:
            # A fault in a callback must not leave a child whose events nobody reads.
            self._process.kill()
            raise
        finally:
            self._process.wait()
            self._threads[1].join()
            self._fail_all()

    def _fail_all(self) -> None:
        with self._lock:
            self._dead = True
            lost = list(self._requests.values())
            self._requests.clear()
        for request in lost:
            if not request.future.done():
                request.future.set_exception(WorkerError(self._death()))

    def _take(self, event: events.Event) -> None:
        with self._lock:
            request = self._requests.get(event.id) if event.id is not None else None
        if request is not None and request.take(event):
            with self._lock:
                self._requests.pop(request.number, None)

    def _read_errors(self) -> None:
        for line in _pipe(self._process.stderr):
            self._said.add(line)

    def _death(self) -> str:
        code = self._process.returncode
        last = self._said.last
        why = f": {last}" if last else "."
        return f"The model worker stopped unexpectedly (exit code {code}){why}"


def _pipe(stream: IO[str] | None) -> IO[str]:
    if stream is None:
        raise ValueError("the child was started without this pipe")
    return stream
