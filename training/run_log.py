"""What a run says: appended to its events.jsonl, and to whoever listens at the shell."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from training.command_line import tell_event
from training.config import UserError
from training.events import Emit, Epoch, Error, Event, Result, encode
from training.progress import Cancelled


class RunLog:
    """An `Emit` that appends to a file; leaving it by an exception is told as an Error."""

    def __init__(self, path: Path, listener: Emit | None = None) -> None:
        self._path = path
        self._listener = listener

    def __enter__(self) -> Self:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        torn = self._path.exists() and self._path.read_bytes()[-1:] not in (b"", b"\n")
        self._file = self._path.open("a", encoding="utf-8", newline="\n")
        if torn:
            # A killed run leaves half a line, which must not swallow the next event.
            self._file.write("\n")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        # On a full disk not even this can be written; whoever started the run still hears it.
        with suppress(OSError):
            self._tell_end(error)
        with suppress(OSError):
            self._file.close()

    def _tell_end(self, error: BaseException | None) -> None:
        if isinstance(error, UserError):
            self.emit(Error(str(error), kind="user"))
        elif isinstance(error, (Cancelled, KeyboardInterrupt)):
            self.emit(Error("The run was stopped; it can be resumed.", kind="cancelled"))
        elif error is not None:
            self.emit(Error(f"{type(error).__name__}: {error}", kind="internal"))

    def emit(self, event: Event) -> None:
        self._file.write(encode(event) + "\n")
        self._file.flush()
        if self._listener is not None:
            self._listener(event)


def tell_run(event: Event) -> None:
    """Events of a run for a person, its epochs among them; what it ends with is told elsewhere."""
    if isinstance(event, Epoch):
        line = (
            f"epoch {event.epoch} of {event.epochs} ({event.stage}): "
            f"loss {_number(event.train_loss)}, validation {_number(event.validation_loss)}; "
            f"AUC {_number(event.train_auc)}, validation {_number(event.validation_auc)}; "
            f"{event.images_per_second or 0:.0f} patches a second{' *' if event.best else ''}"
        )
        print(line, file=sys.stderr, flush=True)
    elif not isinstance(event, (Error, Result)):
        tell_event(event)


def _number(value: float | None) -> str:
    return "undefined" if value is None else f"{value:.4f}"
