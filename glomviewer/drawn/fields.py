"""Scalar fields that everything is drawn from: smooth noise, Voronoi cells, soft steps.

Lengths are microns, arrays float32 of shape (height, width).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Field = NDArray[np.floating[Any]]
"""float32 wherever speed matters; numpy's stubs widen it at every step, so the type says less."""


@dataclass(frozen=True, slots=True)
class Cells:
    """Distance to the nearest and second nearest seed, and the nearest seed's index."""

    nearest: Field
    second: Field
    index: NDArray[np.int32]
    count: int

    def value(self, rng: np.random.Generator, low: float, high: float) -> Field:
        """One random number a cell, spread over its pixels."""
        return rng.uniform(low, high, self.count).astype(np.float32)[self.index]


@dataclass(frozen=True, slots=True)
class Frame:
    """The patch's pixels in microns, with the origin at the centre of the glomerulus."""

    x: Field
    y: Field
    microns_per_pixel: float

    @property
    def shape(self) -> tuple[int, int]:
        return self.x.shape[0], self.x.shape[1]


def frame(width: int, height: int, microns_per_pixel: float, centre: tuple[float, float]) -> Frame:
    """Pixel centres in microns; `centre` is the glomerulus's offset from the patch's middle."""
    xs = (np.arange(width, dtype=np.float32) - (width - 1) / 2) * microns_per_pixel - centre[0]
    ys = (np.arange(height, dtype=np.float32) - (height - 1) / 2) * microns_per_pixel - centre[1]
    x, y = np.meshgrid(xs.astype(np.float32), ys.astype(np.float32))
    return Frame(x, y, microns_per_pixel)


def smooth_noise(rng: np.random.Generator, at: Frame, scale: float) -> Field:
    """Noise of unit variance (before interpolation) whose features are about `scale` microns."""
    height, width = at.shape
    pitch = max(scale / at.microns_per_pixel, 1.0)
    rows, columns = int(height / pitch) + 4, int(width / pitch) + 4
    coarse = rng.standard_normal((rows, columns), dtype=np.float32)
    left, top = rng.random(2)
    box = (left + 1, top + 1, left + 1 + width / pitch, top + 1 + height / pitch)
    picture = Image.fromarray(coarse)
    return np.asarray(picture.resize((width, height), Image.Resampling.BICUBIC, box))


def grain(rng: np.random.Generator, at: Frame) -> Field:
    """Uncorrelated noise of one pixel."""
    return rng.standard_normal(at.shape, dtype=np.float32)


def soft_step(value: Field, low: float | Field, high: float | Field) -> Field:
    """0 below `low`, 1 above `high`, smooth between (the cubic of Perlin)."""
    t = np.clip((value - low) / (high - low), 0.0, 1.0)
    return (t * t * (3.0 - 2.0 * t)).astype(np.float32, copy=False)


def ridge(value: Field, at: float | Field, width: float | Field) -> Field:
    """A line of `width` where `value` passes `at`: 1 on the line, 0 beyond two widths."""
    t = (value - at) / width
    bump = np.maximum(0.0, 1.0 - 0.25 * t * t)
    return (bump * bump).astype(np.float32, copy=False)


def voronoi(rng: np.random.Generator, x: Field, y: Field, cell: float) -> Cells:
    """Cells of one jittered seed in each square of a grid of `cell` microns (Worley's noise)."""
    gx, gy = x / np.float32(cell), y / np.float32(cell)
    ix, iy = np.floor(gx).astype(np.int32), np.floor(gy).astype(np.int32)
    left, top = int(ix.min()) - 1, int(iy.min()) - 1
    columns = int(ix.max()) - left + 2
    rows = int(iy.max()) - top + 2
    jitter = rng.uniform(0.08, 0.92, (2, rows, columns)).astype(np.float32)
    seeds_x = (jitter[0] + np.arange(left, left + columns, dtype=np.float32)).ravel()
    seeds_y = (jitter[1] + np.arange(top, top + rows, dtype=np.float32)[:, None]).ravel()
    base = (iy - top) * columns + (ix - left)
    nearest = np.full(x.shape, 9.0, np.float32)
    second = nearest.copy()
    index = np.zeros(x.shape, np.int32)
    for step in (-1, 0, 1):
        for side in (-1, 0, 1):
            other = base + (step * columns + side)
            dx, dy = seeds_x[other], seeds_y[other]
            dx -= gx
            dy -= gy
            distance = dx * dx + dy * dy
            closer = distance < nearest
            np.minimum(second, np.maximum(distance, nearest), out=second)
            np.minimum(nearest, distance, out=nearest)
            np.copyto(index, other, where=closer)
    unit = np.float32(cell)
    return Cells(np.sqrt(nearest) * unit, np.sqrt(second) * unit, index, rows * columns)


def harmonics(rng: np.random.Generator, angle: Field, orders: range, strength: float) -> Field:
    """A closed wobble of unit-free amplitude, falling with the order, of a circle's radius."""
    table = np.linspace(-np.pi, np.pi, 512, dtype=np.float32)
    total = np.zeros_like(table)
    for order in orders:
        phase, size = rng.uniform(0, 2 * np.pi), rng.normal() * strength / order
        total += np.float32(size) * np.cos(order * table + np.float32(phase))
    steps = ((angle + np.float32(np.pi)) * np.float32(511 / (2 * np.pi))).astype(np.int32)
    return total[np.clip(steps, 0, 511)]
