"""Amounts of dye, layer over layer: tubules and interstitium, capsule, Bowman's space, tuft."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from glomviewer.drawn.anatomy import Anatomy
from glomviewer.drawn.fields import (
    Field,
    Frame,
    harmonics,
    ridge,
    smooth_noise,
    soft_step,
    voronoi,
)


@dataclass(slots=True)
class Layers:
    """What the tissue holds at each pixel; `nuclei` is the chance that a nucleus may sit there."""

    pas: Field
    haematoxylin: Field
    solid: Field
    """1 in tissue, 0 in lumina and beyond the section."""
    nuclei: Field
    outside: Field
    """1 outside the capsule."""

    def blend(self, other: Layers, share: Field) -> None:
        """Lay `other` over this one where `share` is 1."""
        for name in ("pas", "haematoxylin", "solid", "nuclei"):
            mine: Field = getattr(self, name)
            mine += (getattr(other, name) - mine) * share


@dataclass(frozen=True, slots=True)
class Outline:
    """Signed distances in microns, positive inside, and the direction from the centre."""

    capsule: Field
    tuft: Field
    angle: Field
    fibre: Field
    """Noise drawn out along the capsule, of about unit variance."""


def outline(rng: np.random.Generator, at: Frame, body: Anatomy) -> Outline:
    """Where the capsule and the tuft run."""
    warp = 1.5 + 3.5 * (1 - body.roundness) + 3.0 * body.wrinkle
    x = at.x + smooth_noise(rng, at, 22.0) * np.float32(warp)
    y = at.y + smooth_noise(rng, at, 22.0) * np.float32(warp)
    tilt, squeeze = rng.uniform(0, np.pi), 1 + rng.uniform(0.0, 0.35) * (1.2 - body.roundness)
    along = (x * np.cos(tilt) + y * np.sin(tilt)).astype(np.float32) / np.float32(squeeze)
    across = (y * np.cos(tilt) - x * np.sin(tilt)).astype(np.float32) * np.float32(squeeze)
    angle = np.arctan2(across, along)
    distance = np.sqrt(along * along + across * across)
    radius = np.float32(body.capsule_radius)
    wobble = harmonics(rng, angle, range(2, 7), 0.05 + 0.08 * (1 - body.roundness))
    wrinkled = harmonics(rng, angle, range(6, 22), 0.16 * body.wrinkle)
    capsule = radius * (1 + wobble + wrinkled) - distance
    pole, gap = rng.uniform(0, 2 * np.pi), radius * (1 - body.tuft_share)
    off_x, off_y = np.float32(0.55 * gap * np.cos(pole)), np.float32(0.55 * gap * np.sin(pole))
    tuft_distance = np.sqrt((along - off_x) ** 2 + (across - off_y) ** 2)
    lobes = harmonics(rng, angle, range(3, 14), 0.16 * body.lobulation)
    tuft = radius * np.float32(body.tuft_share) * (1 + wobble + lobes) - tuft_distance
    return Outline(capsule, np.minimum(tuft, capsule - 0.4), angle, _fibre(rng, capsule, angle))


def _fibre(rng: np.random.Generator, depth: Field, angle: Field) -> Field:
    """Noise that is long around the glomerulus and short across."""
    table = rng.standard_normal((256, 48), dtype=np.float32)
    table = (table + np.roll(table, 1, 0) + np.roll(table, 1, 1)) / np.float32(1.7)
    across = depth / np.float32(1.6)
    around = (angle + np.float32(np.pi)) * np.float32(48 / (2 * np.pi))
    row, column = np.floor(across), np.floor(around)
    down, right = across - row, around - column
    rows, columns = row.astype(np.int32), column.astype(np.int32)
    low, high = rows % 256, (rows + 1) % 256
    left, next_one = columns % 48, (columns + 1) % 48
    upper = table[low, left] * (1 - right) + table[low, next_one] * right
    lower = table[high, left] * (1 - right) + table[high, next_one] * right
    return upper * (1 - down) + lower * down


def surroundings(
    rng: np.random.Generator, at: Frame, body: Anatomy, lines: Outline | None
) -> Layers:
    """Tubules with their basement membranes, and interstitium that fibrosis widens."""
    bend = np.float32(5.0)
    x = at.x + smooth_noise(rng, at, 16.0) * bend
    y = at.y + smooth_noise(rng, at, 16.0) * bend
    cells = voronoi(rng, x, y, rng.uniform(36, 46))
    reach = cells.value(rng, 21.0, 36.0) * (1 - np.float32(0.3 * body.fibrosis))
    between, around = (cells.second - cells.nearest) * np.float32(0.5), reach - cells.nearest
    wall = np.minimum(between, around) - 12 / (np.abs(between - around) + 5) + 1.0
    near = soft_step(lines.capsule, -34.0, 0.0) if lines else np.zeros(at.shape, np.float32)
    gap = np.float32(1.2) + np.float32(7.5 * body.fibrosis) * (0.35 + 0.65 * near)
    gap = gap + cells.value(rng, 0.0, 2.5 + 6 * body.fibrosis)
    inside = soft_step(wall, gap, gap + 1.0)
    membrane = ridge(wall, gap, 0.8 + 0.5 * body.fibrosis)
    mottle, fine = smooth_noise(rng, at, 2.2), smooth_noise(rng, at, 1.0)
    lumen_radius = cells.value(rng, 2.0, 11.0)
    lumen = 1 - soft_step(cells.nearest + mottle, lumen_radius - 1.5, lumen_radius + 1.0)
    lumen *= inside
    brush = cells.value(rng, 0.0, 0.34) * ridge(cells.nearest, lumen_radius + 2.0, 2.4)
    cytoplasm = cells.value(rng, 0.16, 0.42) + 0.06 * mottle + 0.05 * fine + brush
    threads = lines.fibre if lines else mottle
    stroma = 0.22 + 0.24 * body.fibrosis + 0.10 * threads * near + 0.07 * mottle
    slits = soft_step(smooth_noise(rng, at, 5.0), 0.9, 1.3) * (1 - 0.8 * body.fibrosis)
    stroma = stroma * (1 - slits) + 0.03 * slits
    pas = stroma * (1 - inside) + cytoplasm * inside + 0.62 * membrane
    pas = pas * (1 - lumen) + 0.03 * lumen
    solid = 1 - np.maximum(lumen, slits * (1 - inside))
    haem = (0.07 + 0.025 * fine + 0.04 * inside) * solid
    ring = ridge(wall, gap + 5.5, 2.6) * inside * (1 - lumen)
    crowd = soft_step(smooth_noise(rng, at, 24.0), 0.9 - 1.5 * body.inflammation, 1.8)
    chance = 0.62 * ring + (1 - inside) * (0.12 + 0.8 * body.inflammation * crowd)
    outside = np.ones(at.shape, np.float32) if lines is None else soft_step(-lines.capsule, 0, 2)
    return Layers(pas, haem, solid, chance * solid, outside)


def bowmans_space(at: Frame, body: Anatomy, lines: Outline, mottle: Field) -> Layers:
    """Empty and white, or filled with the pale collagen of an obsolescent glomerulus."""
    fill = body.space_fibrosis
    collagen = 0.38 + 0.10 * lines.fibre + 0.06 * mottle
    seeped = soft_step(0.6 * mottle + 0.8 * lines.fibre, 1.7 - 4.3 * fill, 2.8 - 4.3 * fill)
    pas = 0.025 + (collagen - 0.025) * seeped
    haem = 0.012 + (0.08 + 0.03 * mottle) * seeped
    return Layers(pas, haem, seeped, 0.10 * seeped, np.zeros(at.shape, np.float32))


def scar_field(rng: np.random.Generator, at: Frame, body: Anatomy) -> Field:
    """How far each point of the tuft is obliterated, 0 to 1."""
    uneven = smooth_noise(rng, at, 17.0) + 0.5 * smooth_noise(rng, at, 8.0)
    everywhere = np.clip(body.scar + 0.3 * (uneven - 0.3) * (1.05 - body.scar), 0, 1)
    if body.segment <= 0:
        return everywhere.astype(np.float32)
    radius = body.capsule_radius * body.tuft_share
    way_x, way_y = np.cos(body.segment_angle), np.sin(body.segment_angle)
    along = ((at.x * way_x + at.y * way_y) / radius).astype(np.float32)
    start = 1.0 - 2.0 * body.segment
    wedge = soft_step(along + 0.2 * uneven, start - 0.14, start + 0.14)
    return np.maximum(everywhere, 0.97 * wedge).astype(np.float32)


def tuft(rng: np.random.Generator, at: Frame, body: Anatomy, lines: Outline, scar: Field) -> Layers:
    """Capillary loops within their membranes, mesangium, and scar where `scar` is high."""
    wave, fine = smooth_noise(rng, at, 9.0), smooth_noise(rng, at, 3.5)
    speckle = smooth_noise(rng, at, 1.2)
    x = at.x + 3.0 * wave + 0.9 * fine
    y = at.y + 3.0 * smooth_noise(rng, at, 9.0) - 0.9 * fine
    loops = voronoi(rng, x, y, body.loop)
    edge = (loops.second - loops.nearest) * np.float32(0.5)
    stalk = smooth_noise(rng, at, 20.0)
    thick = 0.5 + 2.6 * (1 - body.openness) + 1.7 * body.mesangium * soft_step(stalk, 0.0, 1.2)
    thick = thick + loops.value(rng, 0.0, 1.5) ** 2 + 5.0 * scar * scar
    lumen = soft_step(edge, thick, thick + 1.1) * (1 - soft_step(scar, 0.72, 0.97))
    wall = ridge(edge, thick - 0.25, 0.95)
    cleft = ridge(smooth_noise(rng, at, 26.0), 0.1, 0.09) * soft_step(wave, -0.5, 0.4)
    cleft *= np.float32(body.lobulation) * (1 - soft_step(scar, 0.3, 0.7))
    cell = 0.26 + 0.05 * fine + 0.05 * speckle
    matrix = 0.30 * body.mesangium * soft_step(stalk + 0.4 * wave, -0.2, 1.2)
    blood = loops.value(rng, -0.4, 0.22)
    living = cell + matrix + 0.60 * wall
    living = living * (1 - lumen) + (0.035 + np.maximum(blood, 0) * (1 + 0.3 * speckle)) * lumen
    crease = ridge(wave + 0.35 * fine, 0.0, 0.16) + ridge(stalk + 0.4 * fine, 0.35, 0.1)
    glass = 0.92 + 0.13 * stalk + 0.06 * wave + 0.06 * fine + 0.04 * speckle + 0.16 * wall
    glass = (
        glass + body.folds * (0.36 * crease - 0.10) - 0.24 * body.folds * soft_step(fine, 0.4, 1.3)
    )
    share = soft_step(scar, 0.25, 0.85)
    pas = living + (glass - living) * share
    split = ridge(wave - 0.6 * stalk, 0.7, 0.10) * soft_step(fine, 0.1, 0.7) * share * 0.8
    empty = np.maximum(np.maximum(lumen * (1 - share * 0.6), cleft), split)
    pas = pas + (0.03 - pas) * np.maximum(cleft, split)
    rim = ridge(lines.tuft, 0.6, 1.0) * (0.55 - 0.3 * share)
    haem = (0.10 + 0.03 * speckle + 0.03 * fine) * (1 - empty) * (1 - 0.4 * share)
    chance = np.float32(0.72 * body.nuclei) * (1 - empty) * (1 - 0.66 * share)
    chance *= 0.55 + 0.45 * soft_step(stalk, -0.8, 0.6)
    solid = (1 - empty).astype(np.float32)
    return Layers(pas + rim, haem, solid, chance, np.zeros(at.shape, np.float32))
