"""Nuclei: placed where the tissue allows them, stamped as soft ellipses with chromatin."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from glomviewer.drawn.fields import Field, Frame
from glomviewer.drawn.tissue import Layers

Points = NDArray[np.float32]


def scatter(rng: np.random.Generator, at: Frame, spacing: float, margin: float = 3.0) -> Points:
    """Jittered grid points in microns, (count, 2), that hardly touch one another."""
    left, top = float(at.x[0, 0]) - margin, float(at.y[0, 0]) - margin
    right, bottom = float(at.x[-1, -1]) + margin, float(at.y[-1, -1]) + margin
    xs, ys = np.meshgrid(np.arange(left, right, spacing), np.arange(top, bottom, spacing))
    points = np.stack([xs.ravel(), ys.ravel()], 1)
    points += rng.uniform(-0.42, 0.42, points.shape) * spacing
    return points.astype(np.float32)


def pixel_of(at: Frame, points: Points) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows and columns of the nearest pixels, clipped to the patch."""
    height, width = at.shape
    columns = np.rint((points[:, 0] - at.x[0, 0]) / at.microns_per_pixel).astype(np.intp)
    rows = np.rint((points[:, 1] - at.y[0, 0]) / at.microns_per_pixel).astype(np.intp)
    return np.clip(rows, 0, height - 1), np.clip(columns, 0, width - 1)


def grow_nuclei(rng: np.random.Generator, at: Frame, layers: Layers, vigour: float) -> None:
    """Draw all nuclei into `layers`; `vigour` below 1 makes small dark (pyknotic) ones."""
    points = scatter(rng, at, 6.6)
    rows, columns = pixel_of(at, points)
    kept = rng.random(len(points)) < layers.nuclei[rows, columns]
    points, rows, columns = points[kept], rows[kept], columns[kept]
    round_ones = layers.outside[rows, columns] > 0.5
    for (x, y), is_round in zip(points.tolist(), round_ones.tolist(), strict=True):
        length = rng.uniform(2.3, 3.0) if is_round else rng.uniform(2.3, 3.7) * vigour
        width = length * (rng.uniform(0.75, 1.0) if is_round else rng.uniform(0.5, 0.92))
        darkness = rng.uniform(0.5, 1.0) + 0.35 * (1 - vigour)
        stamp(rng, at, layers, (x, y), (length, width), rng.uniform(0, np.pi), darkness)


def line_capsule(rng: np.random.Generator, at: Frame, layers: Layers, depth: Field) -> None:
    """Flat nuclei of the parietal cells just inside the capsule (`depth` in microns)."""
    points = scatter(rng, at, 5.0)
    rows, columns = pixel_of(at, points)
    inside = depth[rows, columns]
    kept = (inside > 1.2) & (inside < 4.2) & (rng.random(len(points)) < 0.42)
    coarse = depth[::4, ::4]
    slope_y, slope_x = np.gradient(coarse, axis=0), np.gradient(coarse, axis=1)
    for (x, y), row, column in zip(
        points[kept].tolist(), rows[kept].tolist(), columns[kept].tolist(), strict=True
    ):
        down, right = slope_y[row // 4, column // 4], slope_x[row // 4, column // 4]
        angle = float(np.arctan2(down, right)) + np.pi / 2
        stamp(rng, at, layers, (x, y), (rng.uniform(3.2, 4.6), 1.5), angle, rng.uniform(0.6, 1.0))


def stamp(
    rng: np.random.Generator,
    at: Frame,
    layers: Layers,
    centre: tuple[float, float],
    axes: tuple[float, float],
    angle: float,
    darkness: float,
) -> None:
    """One nucleus with half axes in microns."""
    step = at.microns_per_pixel
    column, row = (centre[0] - at.x[0, 0]) / step, (centre[1] - at.y[0, 0]) / step
    reach = axes[0] / step + 2
    height, width = at.shape
    top, bottom = max(int(row - reach), 0), min(int(row + reach) + 2, height)
    left, right = max(int(column - reach), 0), min(int(column + reach) + 2, width)
    if top >= bottom or left >= right:
        return
    dx = (np.arange(left, right, dtype=np.float32) - np.float32(column)) * np.float32(step)
    dy = (np.arange(top, bottom, dtype=np.float32) - np.float32(row))[:, None] * np.float32(step)
    cos, sin = np.float32(np.cos(angle)), np.float32(np.sin(angle))
    along, across = (dx * cos + dy * sin) / axes[0], (dy * cos - dx * sin) / axes[1]
    across = across + np.float32(rng.normal(0, 0.22)) * along * along
    squared = along * along + across * across
    hollow = rng.uniform(0.1, 0.5)
    soft = np.float32(max(0.22, 0.9 * step / axes[1]))
    share = np.clip((1 + soft - squared) / (2 * soft), 0, 1)
    chromatin = rng.standard_normal(share.shape, dtype=np.float32)
    rim = np.minimum(squared, 1.0)
    density = darkness * (0.95 - hollow + hollow * 1.3 * rim + 0.12 * chromatin)
    window = (slice(top, bottom), slice(left, right))
    layers.haematoxylin[window] += (density - layers.haematoxylin[window]) * share
    layers.pas[window] += (0.25 - layers.pas[window]) * (share * np.float32(0.8))
    layers.solid[window] += (1 - layers.solid[window]) * share
