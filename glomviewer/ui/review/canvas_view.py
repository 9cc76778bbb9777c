"""How an image lies in the canvas: arithmetic of zoom and pan, in device pixels."""

from __future__ import annotations

from dataclasses import dataclass, replace

LEAST_SCALE, MOST_SCALE = 0.02, 32.0
LARGEST_FIT = 4.0
"""A small patch is not blown up further than this when fitted."""


@dataclass(frozen=True, slots=True)
class CanvasView:
    """`scale` is device pixels an image pixel; (`left`, `top`) is where the image's top left
    corner lies in the viewport. `fitted` says that it follows the viewport's size."""

    image: tuple[int, int]
    viewport: tuple[int, int]
    scale: float
    left: float
    top: float
    fitted: bool

    @classmethod
    def fit(cls, image: tuple[int, int], viewport: tuple[int, int]) -> CanvasView:
        """The whole image in the middle, as large as the viewport allows."""
        scale = min(viewport[0] / max(1, image[0]), viewport[1] / max(1, image[1]), LARGEST_FIT)
        return cls(image, viewport, max(LEAST_SCALE, scale), 0, 0, True)._settled()

    def zoomed(self, factor: float, at: tuple[float, float]) -> CanvasView:
        """Zoomed so that the image point under `at` stays under it."""
        scale = min(MOST_SCALE, max(LEAST_SCALE, self.scale * factor))
        ratio = scale / self.scale
        return replace(
            self,
            scale=scale,
            left=at[0] - (at[0] - self.left) * ratio,
            top=at[1] - (at[1] - self.top) * ratio,
            fitted=False,
        )._settled()

    def at_scale(self, scale: float) -> CanvasView:
        """At a scale, about the middle of the viewport."""
        middle = (self.viewport[0] / 2, self.viewport[1] / 2)
        return self.zoomed(scale / self.scale, middle)

    def panned(self, dx: float, dy: float) -> CanvasView:
        return replace(self, left=self.left + dx, top=self.top + dy)._settled()

    def resized(self, viewport: tuple[int, int]) -> CanvasView:
        """In another viewport: fitted again, or with its middle in the middle."""
        if self.fitted:
            return CanvasView.fit(self.image, viewport)
        dx = (viewport[0] - self.viewport[0]) / 2
        dy = (viewport[1] - self.viewport[1]) / 2
        return replace(self, viewport=viewport, left=self.left + dx, top=self.top + dy)._settled()

    def _settled(self) -> CanvasView:
        """An image smaller than the viewport is centred; a larger one covers it."""
        return replace(
            self,
            left=_settle(self.left, self.image[0] * self.scale, self.viewport[0]),
            top=_settle(self.top, self.image[1] * self.scale, self.viewport[1]),
        )


def _settle(start: float, length: float, room: float) -> float:
    if length <= room:
        # Whole pixels, or an image shown 1 : 1 would be blurred.
        return round((room - length) / 2)
    return min(0.0, max(room - length, start))


def scale_bar(microns_per_pixel: float, scale: float, room: float) -> tuple[float, float] | None:
    """Length in microns (1, 2 or 5 times a power of ten) and in device pixels of the longest
    bar within `room` device pixels; None where none fits."""
    if microns_per_pixel <= 0 or scale <= 0 or room <= 0:
        return None
    pixels_per_micron = scale / microns_per_pixel
    longest = room / pixels_per_micron
    best: float | None = None
    for exponent in range(-2, 6):
        for step in (1, 2, 5):
            length = step * 10.0**exponent
            if length <= longest:
                best = length
    return None if best is None else (best, best * pixels_per_micron)
