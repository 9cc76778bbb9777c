"""Brings a patch's pixels to a canvas: the thumbnail at once, the full image when it is read."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from glomviewer.jobs.images import ImageLoader
from glomviewer.jobs.session import Session
from glomviewer.ui.review.canvas import PatchCanvas

PREVIEW_SIDE = 320


class Picture(QObject):
    """Keeps a canvas on one patch. No grey flash: the last image stays until the next is there
    or a thumbnail of it can stand in."""

    shown = Signal(int)
    """The full image of this patch is on the canvas."""

    def __init__(self, session: Session, images: ImageLoader, canvas: PatchCanvas) -> None:
        super().__init__(canvas)
        self._session = session
        self._images = images
        self._canvas = canvas
        self._patch: int | None = None
        self._full_shown = False
        images.full_ready.connect(self._on_ready)
        images.thumbnail_ready.connect(self._on_ready)

    @property
    def full_shown(self) -> bool:
        return self._full_shown

    def show_patch(self, patch: int | None) -> None:
        self._patch = patch
        self._full_shown = False
        if patch is None:
            self._canvas.show_sentence("")
            return
        if not self._try():
            preview = self._images.thumbnail(patch, PREVIEW_SIDE)
            if preview is not None:
                self._show(preview, whole=False)

    def _on_ready(self, patch: int) -> None:
        if patch != self._patch or self._full_shown:
            return
        if not self._try() and not self._canvas.has_image:
            preview = self._images.thumbnail(patch, PREVIEW_SIDE)
            if preview is not None:
                self._show(preview, whole=False)

    def _try(self) -> bool:
        """Show the full image, or why there is none; False while it is still being read."""
        assert self._patch is not None
        image = self._images.full(self._patch)
        if image is not None:
            self._show(image, whole=True)
            self._full_shown = True
            self.shown.emit(self._patch)
            return True
        failure = self._images.failure(self._patch)
        if failure is not None:
            self._canvas.show_sentence(failure)
        return failure is not None

    def _show(self, image: QImage, *, whole: bool) -> None:
        assert self._patch is not None
        table = self._session.table
        rows = table.rows_of((self._patch,))
        microns, size = None, None
        if len(rows):
            known = float(table["microns_per_pixel"][rows[0]])
            microns = known if known > 0 else None
            size = (int(table["width"][rows[0]]), int(table["height"][rows[0]]))
        if whole or size is None or 0 in size:
            self._canvas.show_image(image, microns_per_pixel=microns, preview_of=None)
        else:
            self._canvas.show_image(image, microns_per_pixel=microns, preview_of=size)
