"""The questions of the page: comment, exclude, adjudicate, save a filter. None blocks the loop."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QDialog, QToolTip

from glomviewer.domain.disputes.explaining import Explanation
from glomviewer.domain.records import Patch
from glomviewer.jobs import operations
from glomviewer.ui.dialogs.adjudicate import AdjudicateDialog
from glomviewer.ui.dialogs.comment import CommentDialog
from glomviewer.ui.dialogs.exclude import ExcludeDialog
from glomviewer.ui.dialogs.filter_name import FilterNameDialog
from glomviewer.ui.dialogs.why import WhyDialog
from glomviewer.ui.review.filter_words import filter_name
from glomviewer.ui.review.words import place_text, size_text

if TYPE_CHECKING:
    from glomviewer.ui.review.page import ReviewPage


class Asking(QObject):
    """Opens a dialog, and hands what was said to the page's gestures."""

    def __init__(self, page: ReviewPage) -> None:
        super().__init__(page)
        self._page = page

    def comment(self) -> None:
        patch = self._page.patch_at_hand()
        if patch is None or not self._page.gestures.may_decide():
            return
        detail = self._page.panel.detail
        known = detail is not None and detail.patch.id == patch and not self._page.names_hidden
        dialog = CommentDialog(detail.patch.name if known and detail else "", self._page)
        dialog.accepted.connect(lambda: self._page.gestures.comment(patch, dialog.text))
        _open(dialog)

    def exclude(self) -> None:
        patches = self._page.patches_at_hand()
        if not patches or not self._page.gestures.may_decide():
            return
        case = self._case_of(patches)
        dialog = ExcludeDialog(len(patches), case, self._page)

        def on_accepted() -> None:
            if dialog.whole_case:
                self._page.gestures.exclude_case(case, dialog.reason)
            else:
                self._page.gestures.exclude(patches, dialog.reason)

        dialog.accepted.connect(on_accepted)
        _open(dialog)

    def adjudicate(self) -> None:
        patch = self._page.patch_at_hand()
        if patch is None or not self._page.gestures.may_decide():
            return
        dialog = AdjudicateDialog(self._page.session.label_set, self._page)
        dialog.accepted.connect(
            lambda: self._page.gestures.adjudicate(patch, dialog.label, dialog.reason)
        )
        _open(dialog)

    def why(self) -> None:
        """Tell why the patch at hand counts as what it counts as."""
        patch = self._page.patch_at_hand()
        if patch is not None:
            self._page.session.ask(lambda library: library.why(patch), self._on_why, lane="why")

    def _on_why(self, explanation: Explanation) -> None:
        _open(WhyDialog(explanation, self._page))

    def save_filter(self) -> None:
        query = self._page.listing.query
        dialog = FilterNameDialog(filter_name(query, self._page.session.label_set), self._page)
        dialog.accepted.connect(
            lambda: self._page.session.run(
                partial(operations.save_filter, name=dialog.name, query=query)
            )
        )
        _open(dialog)

    def tooltip(self, patch: int, point: QPoint) -> None:
        """Names are shown on hover only, where they are shown at all."""
        self._page.session.ask(
            lambda library: library.patch(patch),
            partial(self._show_tooltip, point),
            lane="tooltip",
        )

    def _show_tooltip(self, point: QPoint, patch: Patch) -> None:
        lines = [size_text(patch)]
        if not self._page.names_hidden:
            lines = [patch.name, place_text(patch), *lines]
        if patch.excluded:
            lines.append(f"Excluded: {patch.exclusion_reason}")
        QToolTip.showText(point, "\n".join(lines), self._page.grid.viewport())

    def _case_of(self, patches: list[int]) -> str:
        """The one case of all these patches, "" where there are several or none."""
        table = self._page.session.table
        codes = {int(code) for code in table["case"][table.rows_of(tuple(patches))]}
        code = codes.pop() if len(codes) == 1 else -1
        return table.cases[code] if code >= 0 else ""


def _open(dialog: QDialog) -> None:
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
