"""What verbs share: opening a library, saying what happened, progress, and Ctrl-C as Cancel."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from glomviewer.domain.labels import LabelSet
from glomviewer.domain.records import ModelRecord, Reader
from glomviewer.settings import SettingsFile
from glomviewer.store.errors import ReadOnly
from glomviewer.store.import_values import ImportProgress
from glomviewer.store.library import Library
from glomviewer.verbs.failures import BadArgument

_PROGRESS_EVERY = 0.2


def add_library(parser: argparse.ArgumentParser) -> None:
    """The library, and --json, which every verb has."""
    parser.add_argument("library", type=Path, help="the folder NAME.glomlib")
    add_json(parser)


def add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON object for machines")


def add_reader(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--reader", help="name or initials; the reader of the settings unless given"
    )


@contextmanager
def reading(folder: Path) -> Iterator[Library]:
    """The library, opened so that nothing in it is touched."""
    with Library.open(folder, write=False) as library:
        yield library


def opened(folder: Path, *, backup: bool = True) -> Library:
    """A library that is to be written to. One of an older format is brought up to date first,
    which tells how far it is, and which Ctrl-C gives up.

    Raises:
        ImportCancelled: somebody did; the library is as it was.
    """
    control = ShellControl(quiet=False)
    with control.catching_interrupts():
        library = Library.open(
            folder, backup=backup, progress=control.import_progress, cancelled=control.cancelled
        )
    if control.cancelled():
        library.close()
        raise KeyboardInterrupt
    known = reader_of_settings(library)
    # Somebody with a passphrase acts where a verb asks for it, and nowhere else.
    library.actor = None if known is None or known.locked else known.id
    return library


@contextmanager
def taking_out(folder: Path) -> Iterator[Library]:
    """The library, from which something is taken out: so that this can be written into its
    journal, unless somebody else holds it."""
    with opened(folder, backup=False) as library:
        if library.read_only:
            print(
                f"{library.read_only_sentence} What is taken out now is not written into its "
                "journal.",
                file=sys.stderr,
            )
        yield library


@contextmanager
def writing(folder: Path) -> Iterator[Library]:
    """The library, held for writing.

    Raises:
        ReadOnly: somebody else holds it; the sentence says who.
    """
    with opened(folder) as library:
        if library.read_only:
            raise ReadOnly(library.read_only_sentence)
        yield library


def say(arguments: argparse.Namespace, text: str, facts: Mapping[str, Any]) -> None:
    """One answer: text for people or, with --json, an object for machines."""
    if arguments.json:
        print(_json(facts))
    elif text:
        print(_printable(text))


def reader_of_settings(library: Library) -> Reader | None:
    """The reader of the settings, where he reads in this library."""
    values = SettingsFile().values
    wanted = (values.reader_name, values.reader_initials)
    found = (one for one in library.readers() if (one.name, one.initials) == wanted)
    return next(found, None)


def reader_of(library: Library, asked: str | None) -> Reader:
    """The reader whose name or initials are given, else the one of the settings.

    Raises:
        BadArgument: nobody of that name reads in this library, or several do.
    """
    readers = library.readers()
    settings = SettingsFile().values
    wanted = (asked or settings.reader_name).strip()
    fitting = _called(readers, wanted)
    if not asked and len(fitting) > 1:
        fitting = [one for one in fitting if one.initials == settings.reader_initials] or fitting
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        people = ", ".join(f"{reader.name} ({reader.initials})" for reader in fitting)
        raise BadArgument(f"{wanted!r} fits several readers: {people}; say which one is meant.")
    if not asked and wanted:
        return library.add_reader(settings.reader_name, settings.reader_initials)
    if not asked and len(readers) == 1:
        return readers[0]
    known = ", ".join(f"{reader.name} ({reader.initials})" for reader in readers) or "nobody yet"
    raise BadArgument(
        f"Say who decides with --reader; the readers of this library are: {known}. "
        'A new one is added by `glomviewer decide LIBRARY --new-reader "Name" INITIALS`.'
    )


def model_of(library: Library, asked: str | None) -> ModelRecord:
    """The model with this id, its beginning, or "NAME · VERSION"; the active one unless given.

    Raises:
        BadArgument: there is none, or several fit.
    """
    models = library.models()
    if not asked:
        active = library.active_model()
        if active is None:
            raise BadArgument("The library has no active model; add one with `glomviewer models`.")
        return active
    wanted = asked.casefold()
    exact = [model for model in models if wanted in (model.id, model.title.casefold())]
    titled = [model for model in models if f"{model.name} {model.version}".casefold() == wanted]
    begun = [model for model in models if model.id.startswith(wanted)]
    for fitting in (exact, titled, begun):
        if len(fitting) == 1:
            return fitting[0]
    known = ", ".join(f"{model.id} ({model.title})" for model in models) or "none"
    raise BadArgument(f"No single model fits {asked!r}; the models are: {known}.")


def label_code(labels: LabelSet, text: str) -> int:
    """The code of a label by its name, its short name or its code.

    Raises:
        BadArgument: the label set has no such label.
    """
    wanted = text.strip().casefold()
    for label in labels.labels:
        if wanted in (str(label.code), label.name.casefold(), label.short.casefold()):
            return label.code
    known = ", ".join(f"{label.code} = {label.name}" for label in labels.labels)
    raise BadArgument(f"There is no label {text!r}; the labels are: {known}.")


class ShellControl:
    """Progress on stderr where somebody looks, and a first Ctrl-C that cancels gently."""

    closing = False

    def __init__(self, *, quiet: bool) -> None:
        self._shows = not quiet and sys.stderr.isatty()
        self._cancelled = threading.Event()
        self._last = 0.0
        self._drawn = False

    @contextmanager
    def catching_interrupts(self) -> Iterator[ShellControl]:
        """While the block runs, Ctrl-C cancels; a second one interrupts at once."""
        if threading.current_thread() is not threading.main_thread():
            yield self
            return
        before = signal.signal(signal.SIGINT, self._on_interrupt)
        try:
            yield self
        finally:
            signal.signal(signal.SIGINT, before)
            self._end_line()

    def progress(
        self, done: int, total: int, stage: str = "", seconds_left: float | None = None
    ) -> None:
        now = time.monotonic()
        if not self._shows or (now - self._last < _PROGRESS_EVERY and done < total):
            return
        self._last, self._drawn = now, True
        left = "" if seconds_left is None else f", {seconds_left:,.0f} s left"
        of = f" {done:,} of {total:,}" if total else ""
        print(f"\r\x1b[K{stage}{of}{left}", end="", file=sys.stderr, flush=True)

    def import_progress(self, progress: ImportProgress) -> None:
        self.progress(progress.done, progress.total, progress.stage, progress.seconds_left)

    def cancelled(self) -> bool:
        return self._cancelled.is_set()

    def wait(self, seconds: float) -> bool:
        return self._cancelled.wait(seconds)

    def resume_after_cancel(self) -> None:
        self._cancelled.clear()

    def _on_interrupt(self, _number: int, _frame: FrameType | None) -> None:
        if self._cancelled.is_set():
            raise KeyboardInterrupt
        self._cancelled.set()

    def _end_line(self) -> None:
        if self._drawn:
            print(file=sys.stderr)


def _called(readers: Sequence[Reader], wanted: str) -> list[Reader]:
    """Who has this very name, else whose name or initials it is in whatever letters: several
    people may share those."""
    named = [reader for reader in readers if reader.name == wanted]
    folded = wanted.casefold()
    return named or [
        reader
        for reader in readers
        if folded and folded in (reader.name.casefold(), reader.initials.casefold())
    ]


def _json(facts: Mapping[str, Any]) -> str:
    """With letters as they are where this terminal has them, else spelled in ASCII."""
    text = json.dumps(facts, ensure_ascii=False, indent=1, default=str)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return json.dumps(facts, indent=1, default=str)
    return text


def _printable(text: str) -> str:
    """What this terminal can show; names come from anywhere."""
    encoding = sys.stdout.encoding or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)
