"""What a key decides of the patch on the screen, once its reason has been given."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from glomviewer.domain.disputes.records import Dispute, DisputeState, Referral
from glomviewer.domain.disputes.wording import REFERRAL_WORDS
from glomviewer.jobs import operations
from glomviewer.jobs.session import Session
from glomviewer.ui.disputes.decision_bar import WAITS_FOR, DecisionBar, Verdict
from glomviewer.ui.disputes.told_calls import ToldCalls


class Deciding(QObject):
    """Asks for the reason, then writes. `refused` says why nothing was."""

    refused = Signal(str)
    decided = Signal()

    def __init__(self, session: Session, told: ToldCalls, bar: DecisionBar) -> None:
        super().__init__(bar)
        self._session, self._told, self._bar = session, told, bar
        self._patch: int | None = None
        self._dispute: Dispute | None = None
        bar.label_pressed.connect(self.settle)
        bar.refer_pressed.connect(self.refer)
        bar.confirmed.connect(self._on_confirmed)

    def take(self, patch: int | None, dispute: Dispute | None) -> None:
        """This patch is on the screen; `dispute` None until it has been read."""
        if patch != self._patch:
            self._bar.give_up()
        self._patch, self._dispute = patch, dispute
        settled = None if dispute is None else dispute.adjudication
        self._bar.show_in_force(None if settled is None else settled.label)
        self.say_what_is_possible()

    def may_write(self) -> bool:
        return not self._session.read_only and self._session.is_loaded

    def settle(self, code: int) -> None:
        """Ask why it is to be called so; Enter then settles it."""
        if self._patch is not None and self._may_decide():
            self._bar.ask(Verdict(self._patch, label=code))

    def refer(self, to: Referral) -> None:
        """Ask why it is to wait for something; Enter then refers it."""
        if self._patch is None or not self._may_decide():
            return
        if not self._is_open_to_referral:
            self.refused.emit("Only a dispute that nobody has settled can wait for something.")
        elif to is Referral.NONE and self._state is DisputeState.OPEN:
            self.refused.emit("It is on no list: it is open.")
        elif self._state is not None and to is WAITS_FOR.get(self._state):
            self.refused.emit(f"It has been {REFERRAL_WORDS[to]} already.")
        else:
            self._bar.ask(Verdict(self._patch, to=to))

    def say_what_is_possible(self) -> None:
        note = ""
        if self._session.read_only:
            note = "Open for reading only: nothing can be settled here."
        elif self._session.reader is None:
            note = "Say who you are, above, to settle anything."
        usable = not note and self._patch is not None and self.may_write()
        self._bar.set_usable(usable, self._state, note=note)

    @property
    def _state(self) -> DisputeState | None:
        return None if self._dispute is None else self._dispute.state

    @property
    def _is_open_to_referral(self) -> bool:
        return self._state not in (None, DisputeState.SETTLED)

    def _on_confirmed(self, verdict: Verdict, reason: str) -> None:
        reader, model = self._session.reader, self._session.shown_model
        if reader is None:
            return
        if verdict.label is None:
            refer = operations.refer_patches
            operation = partial(refer, patches=[verdict.patch], to=verdict.to, reason=reason)
        else:
            shown = model is not None and self._told.is_known(reader.id, verdict.patch)
            operation = partial(
                operations.adjudicate_patch,
                patch=verdict.patch,
                label=verdict.label,
                reason=reason,
                call_shown=shown,
                model=model.id if model is not None and shown else "",
            )
        self._session.run(partial(operation, reader=reader.id))
        self.decided.emit()

    def _may_decide(self) -> bool:
        if not self.may_write():
            self.refused.emit("This library is open for reading only: nothing was changed.")
        elif self._session.reader is None:
            self.refused.emit("Say who you are first: who settles a dispute is kept with it.")
        else:
            return True
        return False
