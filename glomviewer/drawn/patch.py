"""One drawn patch: anatomy to amounts of dye, dye to colour, colour to what a scanner sees."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from glomviewer.drawn.anatomy import Anatomy, imagine
from glomviewer.drawn.fields import Field, Frame, frame, grain, ridge, smooth_noise, soft_step
from glomviewer.drawn.nuclei import grow_nuclei, line_capsule
from glomviewer.drawn.stain import LABORATORIES, Stain, colour
from glomviewer.drawn.tissue import (
    Layers,
    bowmans_space,
    outline,
    scar_field,
    surroundings,
    tuft,
)

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class DrawnPatch:
    """A picture and what is known of it; `pixels` is RGB, (height, width, 3)."""

    name: str
    pixels: Pixels
    label: int | None
    """As it will be written, which may be wrong or missing."""
    truth: int | None
    """As it was drawn; None where it is not a glomerulus."""
    case: str
    slide: str
    microns_per_pixel: float
    difficulty: float
    kind: str
    split: str = ""
    serial_of: str = ""
    """Name of the patch of which this is a neighbouring section."""


def draw_patch(
    seed: int,
    label: int,
    stain: Stain | None = None,
    size: int | tuple[int, int] | None = None,
    difficulty: float = 0.3,
    *,
    microns_per_pixel: float = 0.5,
    section: int = 0,
) -> DrawnPatch:
    """Draw a globally sclerotic (1) or other (0) glomerulus; the same arguments, the same pixels.

    `size` is the side or (width, height) in pixels, and the field of view then follows from the
    glomerulus; without it the size follows from `microns_per_pixel`. `section` above 0 draws a
    neighbouring section of the same glomerulus: same outlines, other nuclei and texture.
    """
    body = imagine(np.random.default_rng([seed, label]), label, difficulty)
    chosen = stain or LABORATORIES[seed % len(LABORATORIES)]
    width, height, scale = patch_size(body, size, microns_per_pixel)
    pixels = render(body, seed, chosen, width, height, scale, section)
    name = f"drawn-{seed:06d}-{label}.png"
    return DrawnPatch(name, pixels, label, label, "", "", round(scale, 4), difficulty, body.kind)


def patch_size(
    body: Anatomy, size: int | tuple[int, int] | None, microns_per_pixel: float
) -> tuple[int, int, float]:
    """Width and height in pixels, and microns per pixel, that show the glomerulus whole."""
    field = 2 * body.capsule_radius * body.margin
    if size is None:
        width = field * max(body.aspect, 1.0) / microns_per_pixel
        height = field * max(1 / body.aspect, 1.0) / microns_per_pixel
        return max(round(width), 16), max(round(height), 16), microns_per_pixel
    width, height = (size, size) if isinstance(size, int) else size
    if min(width, height) < 8:
        raise ValueError(f"A patch of {width} x {height} pixels is too small to draw; 8 is least.")
    return width, height, field / min(width, height)


def render(
    body: Anatomy,
    seed: int,
    stain: Stain,
    width: int,
    height: int,
    microns_per_pixel: float,
    section: int = 0,
) -> Pixels:
    """Pixels of an anatomy, (height, width, 3)."""
    shapes = np.random.default_rng([seed, 101])
    details = np.random.default_rng([seed, 211, section])
    radius = body.capsule_radius
    drift = details.normal(0, 1.5, 2) if section else np.zeros(2)
    centre = (body.centre[0] * radius + drift[0], body.centre[1] * radius + drift[1])
    at = frame(width, height, microns_per_pixel, centre)
    layers, white = _tissue(shapes, details, at, body)
    layers.solid *= 1 - white
    rgb = colour(layers.pas * (1 - white), layers.haematoxylin * (1 - white), layers.solid, stain)
    return _scanned(details, at, rgb, body.blur)


def _tissue(
    shapes: np.random.Generator, details: np.random.Generator, at: Frame, body: Anatomy
) -> tuple[Layers, Field]:
    lines = outline(shapes, at, body) if body.kind != "tubules" else None
    layers = surroundings(shapes, at, body, lines)
    vigour = 1.0
    if lines is not None:
        mottle = smooth_noise(details, at, 4.0)
        scar = scar_field(shapes, at, body)
        layers.blend(bowmans_space(at, body, lines, mottle), soft_step(lines.capsule, -0.5, 0.8))
        layers.blend(tuft(shapes, at, body, lines, scar), soft_step(lines.tuft, -0.6, 0.6))
        thick = np.float32(1.2 + 1.3 * body.wrinkle) * (1 + 0.35 * mottle)
        band = ridge(lines.capsule, 0.0, np.maximum(thick, 0.6))
        broken = soft_step(mottle + lines.fibre, -3.2 * body.capsule, 1.0 - 2.2 * body.capsule)
        layers.pas += band * (0.3 + 0.65 * body.capsule) * broken
        layers.solid = np.maximum(layers.solid, band * broken)
        vigour = 1.0 - 0.28 * body.scar
        line_capsule(details, at, layers, lines.capsule + 8 * (body.space_fibrosis > 0.6))
    grow_nuclei(details, at, layers, vigour)
    return layers, _beyond_section(shapes, at, body)


def _beyond_section(rng: np.random.Generator, at: Frame, body: Anatomy) -> Field:
    """1 where the slide is bare glass."""
    ragged = 6.0 * smooth_noise(rng, at, 20.0) + 2.0 * smooth_noise(rng, at, 5.0)
    if body.section_edge is None:
        return np.zeros(at.shape, np.float32)
    along = at.x * np.float32(np.cos(body.edge_angle)) + at.y * np.float32(np.sin(body.edge_angle))
    return soft_step(along + ragged - np.float32(body.section_edge * body.capsule_radius), 0, 1.5)


def _scanned(rng: np.random.Generator, at: Frame, rgb: Field, blur: float) -> Pixels:
    """Shading, noise and focus of a scanner."""
    rgb *= (1 + 0.015 * smooth_noise(rng, at, 60.0))[..., None]
    rgb += (1.6 * grain(rng, at))[..., None]
    picture = Image.fromarray(np.clip(rgb, 0, 255).astype(np.uint8))
    return np.asarray(picture.filter(ImageFilter.GaussianBlur(blur / at.microns_per_pixel)))
