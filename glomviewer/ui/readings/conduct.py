"""How one reads: what a key does, what is written, and where that leaves the reader."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal

from glomviewer.domain.changes import Changes
from glomviewer.domain.labels import Label
from glomviewer.domain.readings.protocol import Reveal
from glomviewer.domain.readings.records import ItemState, ReadingSummary, RevealedCall
from glomviewer.domain.records import Reader
from glomviewer.jobs import operations
from glomviewer.jobs.session import Session
from glomviewer.ui.readings import wording
from glomviewer.ui.readings.pace import Pace
from glomviewer.ui.readings.walk import Walk


class Conduct(QObject):
    """One reader in one reading. Every label is written by itself, so a pause leaves nothing
    half done; where a write fails, the reader is brought back to that patch."""

    moved = Signal()
    """Another item is to be shown, or the end."""
    said = Signal()
    """Something about the item on the screen has changed."""
    why_asked = Signal(int, str)
    """A label and its detail, given after the reader has finished: `decide` wants a reason too."""

    def __init__(
        self,
        session: Session,
        reading: ReadingSummary,
        reader: Reader,
        items: Sequence[ItemState],
        *,
        clock: Callable[[], float] = time.monotonic,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._clock = session, clock
        self.reading, self.reader = reading, reader
        self.walk = Walk(items)
        self.pace = Pace(one.decided_at for one in items if one.decided_at is not None)
        self.asking: Label | None = None
        """The label that still wants its detail."""
        self.trouble = ""
        self._unwritten: dict[int, int] = {}
        self._awaited: int | None = None
        self._calls: dict[int, RevealedCall] = {}
        self._ask_call()

    @property
    def item(self) -> ItemState | None:
        return self.walk.item

    @property
    def shown_label(self) -> int | None:
        """The label that the screen shows as chosen."""
        if self.asking is not None:
            return self.asking.code
        return self.item.label if self.item is not None and self.item.is_done else None

    @property
    def is_saving(self) -> bool:
        """Whether the item on the screen waits to be durable before the call is told."""
        return self.item is not None and self._awaited == self.item.id

    @property
    def call(self) -> RevealedCall | None:
        """The model's call of the patch on the screen, where it has been told."""
        item = self.item
        return None if item is None or self.is_saving else self._calls.get(item.id)

    @property
    def can_keep(self) -> bool:
        return self.call is not None and self.shown_label is not None and self.asking is None

    @property
    def may_write(self) -> bool:
        return not self._session.read_only and not self.reading.is_closed

    @property
    def has_finished(self) -> bool:
        progress = self.reading.progress_of(self.reader.id)
        return progress is not None and progress.finished is not None

    # deciding

    def decide(self, code: int, detail: str = "", why: str = "") -> None:
        """Label the item on the screen, and go on where nothing is told about it first."""
        item, label = self.item, self._session.label_set[code]
        if item is None or self.is_saving or not self.may_write:
            return
        if wording.wants_detail(label) and not detail:
            self.asking = label
            self.said.emit()
            return
        self.asking, self.trouble = None, ""
        if self.has_finished and not why:
            self.said.emit()
            self.why_asked.emit(code, detail)
            return
        if not item.is_done:
            self.pace.decide(self._clock())
        self._show_as_said(item, code, detail)
        if self.reading.protocol.reveal is Reveal.AFTER and not item.revealed:
            self._awaited = item.id
            self.said.emit()
        else:
            self._go_on(item)
        # The next patch is on the screen before the store thread asks for its share of time.
        self._write(item, code, detail, why)

    def give_detail(self, place: int) -> None:
        """Answer with this detail of the label that asks, counted from 0."""
        if self.asking is not None and place < len(self.asking.details):
            self.decide(self.asking.code, self.asking.details[place])

    def keep(self) -> None:
        """Leave the label as it is and go on, once the call has been told."""
        item = self.item
        if item is not None and self.can_keep:
            self._go_on(item)

    def take_back(self) -> bool:
        """Ask no more for a detail: nothing is decided. Whether it was asked."""
        asked, self.asking = self.asking is not None, None
        if asked:
            self.said.emit()
        return asked

    # moving

    def back(self) -> None:
        self._move(self.walk.back)

    def forward(self) -> None:
        self._move(self.walk.forward)

    def to_first_unread(self) -> None:
        self._move(self.walk.to_first_unread)

    def begin(self) -> None:
        """The reader sits before the screen."""
        if self.item is not None and not self.item.is_done:
            self.pace.begin(self._clock())

    def pause(self) -> None:
        self.asking = None
        self.pace.pause()

    # other gestures

    def flag(self) -> None:
        item = self.item
        if item is None or not self.may_write:
            return
        flagged = not item.flagged
        self._note(item.id, flagged=flagged)
        self._session.run(
            partial(operations.flag_item, reader=self.reader.id, item=item.id, flagged=flagged),
            failed=partial(self._on_note_failed, item.id, {"flagged": item.flagged}),
        )

    def comment(self, text: str) -> None:
        item = self.item
        if item is None or not self.may_write:
            return
        self._note(item.id, comment=text)
        self._session.run(
            partial(operations.comment_on_item, reader=self.reader.id, item=item.id, text=text),
            failed=partial(self._on_note_failed, item.id, {"comment": item.comment}),
        )

    def refresh(self, changes: Changes) -> None:
        """Something was changed elsewhere, perhaps taken back by undo."""
        taken_back = changes.undo and changes.reading is None
        if taken_back or changes.packs or changes.all_patches:
            reading, reader = self.reading.id, self.reader.id
            self._session.ask(
                lambda library: library.reading_items(reading, reader),
                self._on_items,
                lane="reading items",
            )

    # parts

    def _show_as_said(self, item: ItemState, code: int, detail: str) -> None:
        self._unwritten[item.id] = code
        first = item.first_label if item.revealed else code
        self.walk.note(item.id, label=code, detail=detail, first_label=first)

    def _write(self, item: ItemState, code: int, detail: str, why: str) -> None:
        self._session.run(
            partial(
                operations.commit_item,
                reader=self.reader.id,
                item=item.id,
                label=code,
                detail=detail,
                comment=why,
            ),
            done=partial(self._on_written, item.id),
            failed=partial(self._on_not_written, item),
        )

    def _on_written(self, item: int, changes: Changes) -> None:
        self._unwritten.pop(item, None)
        if changes.reveal is not None:
            self._calls[item] = changes.reveal
            self.walk.note(item, revealed=True)
        if self._awaited != item:
            return
        self._awaited = None
        current = self.item
        if current is None or current.id != item:
            return
        if changes.reveal is None:
            # No model has looked at this patch, so there is nothing to tell.
            self._go_on(current)
        else:
            self.said.emit()

    def _on_not_written(self, item: ItemState, sentence: str) -> None:
        self._unwritten.pop(item.id, None)
        self._awaited = None if self._awaited == item.id else self._awaited
        before = {"label": item.label, "detail": item.detail, "first_label": item.first_label}
        self.walk.note(item.id, **before)
        self.walk.go_to_item(item.id)
        self.trouble = wording.not_saved(item, sentence)
        self.moved.emit()

    def _note(self, item: int, **values: object) -> None:
        self.walk.note(item, **values)
        self.said.emit()

    def _on_note_failed(self, item: int, before: dict[str, object], sentence: str) -> None:
        self.trouble = sentence
        self._note(item, **before)

    def _on_items(self, items: list[ItemState]) -> None:
        before = self.item
        self.walk.take(items)
        for item, code in self._unwritten.items():
            self.walk.note(item, label=code)
        same = before is not None and self.item is not None and before.id == self.item.id
        (self.said if same else self.moved).emit()

    def _ask_call(self) -> None:
        """Bring back the call of an item on which it has been told before."""
        item, at_once = self.item, self.reading.protocol.reveal is Reveal.AT_ONCE
        if item is None or item.id in self._calls or not (item.revealed or at_once):
            return
        reader, wanted = self.reader.id, item.id
        self._session.ask(
            lambda library: library.revealed_call(reader=reader, item=wanted),
            partial(self._on_call, wanted),
            lane="revealed call",
        )

    def _on_call(self, item: int, call: RevealedCall | None) -> None:
        if call is not None:
            self._calls[item] = call
            self.said.emit()

    def _go_on(self, item: ItemState) -> None:
        if self.item is not None and self.item.id == item.id:
            self._move(self.walk.forward)

    def _move(self, step: Callable[[], bool]) -> None:
        asked, self.asking = self.asking is not None, None
        if step():
            self.trouble = ""
            self.pace.pause()
            self.begin()
            self._ask_call()
            self.moved.emit()
        elif asked:
            self.said.emit()
