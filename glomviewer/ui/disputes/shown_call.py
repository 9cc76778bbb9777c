"""The model's call of the patch on the screen: asked for by a key, and remembered as told."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from glomviewer.domain.disputes.records import ModelCall
from glomviewer.jobs.session import Session
from glomviewer.ui.disputes.model_line import ModelLine
from glomviewer.ui.disputes.told_calls import ToldCalls


class ShownCall(QObject):
    told = Signal(object)
    """Patches whose call the reader knows from now on."""
    refused = Signal(str)

    def __init__(self, session: Session, told: ToldCalls, line: ModelLine) -> None:
        super().__init__(line)
        self._session, self._told, self._line = session, told, line
        self._patch: int | None = None
        line.asked.connect(self.toggle)

    def take(self, patch: int | None) -> None:
        """This patch is on the screen; its call is shown again where it was shown before."""
        self._patch = patch
        model = self._session.shown_model
        if patch is not None and model is not None and self._told.is_shown(patch):
            self._ask(patch, model.id)
        else:
            self._line.hide_call(has_model=model is not None)

    def toggle(self) -> None:
        """Show it, which is kept with whatever is decided after that, or hide it again."""
        patch, model = self._patch, self._session.shown_model
        if patch is None or model is None:
            self.refused.emit("There is no call to show.")
        elif self._told.is_shown(patch):
            self._told.hide(patch)
            self._line.hide_call(has_model=True)
        else:
            self._ask(patch, model.id)

    def _ask(self, patch: int, model: str) -> None:
        self._session.ask(
            lambda library: library.model_call(patch, model),
            partial(self._on_call, patch),
            lane="model's call",
        )

    def _on_call(self, patch: int, call: ModelCall | None) -> None:
        if patch != self._patch:
            return
        if call is not None:
            reader = self._session.reader
            self._told.tell(None if reader is None else reader.id, patch)
            self.told.emit([patch])
        self._line.show_call(call)
