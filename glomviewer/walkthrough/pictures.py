"""Pictures of every page of the real window, taken without a display."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from PySide6.QtCore import (
    QMessageLogContext,
    QObject,
    QTimer,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QApplication, QWidget

from glomviewer.app import App
from glomviewer.domain.patch_query import PatchQuery, Queue, SortKey
from glomviewer.jobs.sentences import JobError
from glomviewer.paths import resources_dir
from glomviewer.settings import SettingsFile
from glomviewer.store.demo_room import READ, WAITING
from glomviewer.store.library import Library
from glomviewer.ui.agreement.page import AgreementPage
from glomviewer.ui.disputes.page import DisputesPage
from glomviewer.ui.page_bar import PageName
from glomviewer.ui.readings.page import ReadingsPage
from glomviewer.walkthrough.truth import read_truth

SIZE = (1440, 900)
PATIENCE = 60.0
THUMBNAIL_SIZE = 128
OF_THEIR_OWN = (PageName.REVIEW, PageName.READINGS, PageName.DISPUTES, PageName.AGREEMENT)
"""Pages that are brought into a state before their picture is taken."""
SETTLED_LOOKS = 8
_LOOK_EVERY_MS = 30
_OFFSCREEN_REMARK = "This plugin does not support propagateSizeHints()"

Condition = Callable[[], bool]


def take_pictures(
    library: Path, folder: Path, *, reader: tuple[str, str], tell: Callable[[str], None]
) -> None:
    """Open the window on `library` as `reader` (name, initials), and save a picture of each
    page in `folder`.

    Raises:
        JobError: a page did not come up in a minute.
    """
    qInstallMessageHandler(_say)
    qt = QApplication.instance() or QApplication(["glomviewer"])
    assert isinstance(qt, QApplication)
    settings = SettingsFile()
    settings.change(reader_name=reader[0], reader_initials=reader[1], thumbnail_size=THUMBNAIL_SIZE)
    app = App(qt, settings)
    tour = Tour(app, library, folder, tell)
    tour.start()
    qt.exec()
    app.window.close()
    app.close()
    if tour.failure:
        raise JobError(tour.failure)


def _say(_kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    """What Qt has to say, but for what every window without a display makes it say."""
    if message != _OFFSCREEN_REMARK:
        print(message, file=sys.stderr)


class Tour(QObject):
    """Goes from page to page; each step says what to wait for before the next."""

    def __init__(self, app: App, library: Path, folder: Path, tell: Callable[[str], None]) -> None:
        super().__init__(app)
        self.failure = ""
        self._app, self._library, self._folder, self._tell = app, library, folder, tell
        self._steps = self._pages()
        self._condition: Condition = lambda: True
        self._since = 0.0
        self._in_a_row = 0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)

    def start(self) -> None:
        self._app.window.resize(*SIZE)
        self._app.start(None)
        self._since = time.monotonic()
        self._timer.start(_LOOK_EVERY_MS)

    def _look(self) -> None:
        self._in_a_row = self._in_a_row + 1 if self._condition() else 0
        # What a selection asks for is asked a moment later, so once is not enough.
        if self._in_a_row < SETTLED_LOOKS:
            if time.monotonic() - self._since > PATIENCE:
                self._end("A page did not come up in a minute.")
            return
        following = next(self._steps, None)
        if following is None:
            self._end("")
            return
        self._condition, self._since, self._in_a_row = following, time.monotonic(), 0

    def _end(self, failure: str) -> None:
        self.failure = failure
        self._timer.stop()
        QApplication.quit()

    def _pages(self) -> Iterator[Condition]:
        window = self._app.window
        self._save("first-run", window)
        self._app.open(self._library)
        yield self._settled
        review = window.review
        assert review is not None
        review.open_patches(PatchQuery(queue=Queue.MODEL_DISAGREES, sort=SortKey.DISAGREEMENT))
        yield self._settled
        self._save("review", window)
        review.open_patches(PatchQuery(queue=Queue.CHANGED_CALLS))
        yield self._settled
        review.open_reading()
        yield self._settled
        self._save("one-at-a-time", window)
        review.close_reading()
        yield from self._readings()
        yield from self._disputes()
        yield from self._agreement()
        for page in PageName:
            if page in OF_THEIR_OWN:
                continue
            window.show_page(page)
            yield self._settled
            self._save(page.value.lower(), window)

    def _readings(self) -> Iterator[Condition]:
        """The overview, and the screen with a call that has just been revealed."""
        window = self._app.window
        window.show_page(PageName.READINGS)
        page = window.page_widget(PageName.READINGS)
        assert isinstance(page, ReadingsPage)
        yield self._settled
        page.overview.choose(self._reading(WAITING))
        yield self._settled
        self._save("readings", window)
        page.read()
        yield lambda: page.is_reading and self._settled()
        conduct = page.room.conduct
        assert conduct is not None and conduct.item is not None
        page.room.decide(self._deserved(conduct.item.patch))
        yield lambda: conduct.can_keep
        self._save("reading-screen", window)
        page.pause()
        yield self._settled

    def _disputes(self) -> Iterator[Condition]:
        window = self._app.window
        window.show_page(PageName.DISPUTES)
        page = window.page_widget(PageName.DISPUTES)
        assert isinstance(page, DisputesPage)
        yield self._settled
        page.list.go_to(self._place_between_classes(page.queue.ids))
        yield self._settled
        self._save("disputes", window)

    def _agreement(self) -> Iterator[Condition]:
        window = self._app.window
        window.show_page(PageName.AGREEMENT)
        page = window.page_widget(PageName.AGREEMENT)
        assert isinstance(page, AgreementPage)
        yield self._settled
        page.head.choose_reading(self._reading(READ))
        yield lambda: not page.jobs.drawing and self._settled()
        self._save("agreement", window)

    @property
    def _opened(self) -> Library:
        assert self._app.opened is not None
        return self._app.opened.session.library

    def _reading(self, name: str) -> int:
        return next(one.id for one in self._opened.readings() if one.name == name)

    def _deserved(self, patch: int) -> int:
        """The label that this patch was drawn as."""
        [found] = self._opened.patches([patch])
        truth = read_truth(resources_dir() / "demo" / "truth.csv", self._opened.label_set)
        return truth[Path(found.name).stem]

    def _place_between_classes(self, patches: Sequence[int]) -> int:
        """The first dispute that is about the class, and not whether one can tell."""
        labels = self._opened.label_set
        between = (
            place
            for place, patch in enumerate(patches)
            if {labels[code].target for code in self._opened.dispute(patch).counts} >= {0, 1}
        )
        return next(between, 0)

    def _settled(self) -> bool:
        """Nothing is being opened, read, counted or drawn any more."""
        opened = self._app.opened
        if opened is None or not opened.session.is_loaded:
            return False
        return opened.session.is_idle and opened.images.idle and not opened.session.tasks.running

    def _save(self, name: str, widget: QWidget) -> None:
        path = self._folder / f"{name}.png"
        widget.grab().save(str(path))
        self._tell(f"{path.parent.name}/{path.name}")
