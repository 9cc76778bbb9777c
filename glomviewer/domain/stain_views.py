"""Three ways to look at the two PAS stains of a patch: brought to one standard, or one alone.

Light passes a stain by Beer and Lambert's law, so optical density (OD), -ln(light), is a sum of
stains by their strength. Alone: colour deconvolution with fixed vectors (Ruifrok and Johnston
2001, "Quantification of histochemical staining by color deconvolution"). Normalised: the patch's
own two vectors and strengths by Macenko and others (2009, "A method for normalizing histology
slides for quantitative analysis"), exchanged for those of a reference.

torchstain's numpy normaliser estimates the patch's vectors, and only that is taken from it. Its
rule for which stain is which (haematoxylin takes more red) holds for PAS as it does for eosin;
its reference is of eosin, so ours is synthetic, the published PAS vectors; its tissue threshold
drops any pixel with little density in one channel, which is all of pale PAS in blue, so tissue is
chosen here; and it fails on patches without tissue, so those never reach it. What it answers is
checked against the reference before it is believed.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torchstain.numpy.normalizers.macenko import NumpyMacenkoNormalizer

Pixels = NDArray[np.uint8]
Floats = NDArray[np.floating[Any]]

HAEMATOXYLIN = (0.644, 0.717, 0.267)
SCHIFF = (0.175, 0.972, 0.155)
"""Directions in OD of red, green and blue: haematoxylin and periodic acid-Schiff magenta."""

REFERENCE_STRENGTHS = (1.5, 1.2)
"""What the strongest hundredth of haematoxylin and of PAS come to in a normalised patch, in OD."""

WHITE = 240
"""The light of the empty slide when fitting, as torchstain has it."""

TISSUE_DENSITY = 0.3
LEAST_TISSUE = 200
SAMPLED_PIXELS = 40_000
GREY_RANGE = 6.0
FARTHEST_FROM_REFERENCE = 30.0
NEAREST_TO_EACH_OTHER = 6.0
STRENGTH_CHANGE = (1 / 3, 3.0)
"""Bounds of the factor on a stain's strength, so that a stain which is hardly there, such as
haematoxylin in a scar without nuclei, isn't made up out of noise."""

SHADES = 1024
DARKEST = 6.0
STRIP_PIXELS = 65_536


class StainView(Enum):
    """How the stains of a patch are shown; the value is what a reader is told."""

    NORMALISED = "Stain-normalised view"
    HAEMATOXYLIN = "Haematoxylin alone"
    PAS = "PAS alone"


@dataclass(frozen=True, slots=True, eq=False)
class Stains:
    """Two unit vectors in OD as columns, (3, 2), and the 99th percentile of each strength (2,)."""

    vectors: Floats
    strengths: Floats


def stain_view(pixels: Pixels, view: StainView) -> Pixels:
    """The view of a patch, RGB uint8 (height, width, 3) in and out, any size.

    A patch in which there is too little stain to normalise comes back as it is.

    Raises:
        ValueError: the array isn't RGB of 8 bits.
    """
    if pixels.ndim != 3 or pixels.shape[2] != 3 or pixels.dtype != np.uint8:
        raise ValueError(f"RGB pixels of 8 bits wanted, got {pixels.dtype} {pixels.shape}.")
    if pixels.size == 0:
        return pixels.copy()
    if view is StainView.NORMALISED:
        return _normalised(pixels)
    return _alone(pixels, 0 if view is StainView.HAEMATOXYLIN else 1)


def reference_stains() -> Stains:
    """What a normalised patch is brought to. Synthetic: no patch's pixels stand behind it."""
    vectors = np.array([HAEMATOXYLIN, SCHIFF]).T
    return Stains(vectors / np.linalg.norm(vectors, axis=0), np.array(REFERENCE_STRENGTHS))


def stains_of(pixels: Pixels) -> Stains | None:
    """The stains of a patch; the reference's vectors where its own can't be told apart, None
    where there is too little tissue or no colour."""
    tissue = _tissue_sample(pixels)
    if len(tissue) < LEAST_TISSUE:
        return None
    if np.median(np.ptp(tissue, axis=1)) < GREY_RANGE:
        return None
    found = _macenko(tissue)
    return found if _is_plausible(found) else _with_reference_vectors(tissue)


def _tissue_sample(pixels: Pixels) -> Pixels:
    """Evenly spread pixels that hold stain, at most SAMPLED_PIXELS, (n, 3)."""
    height, width = pixels.shape[:2]
    step = max(1, math.ceil(math.sqrt(height * width / SAMPLED_PIXELS)))
    sample = pixels[::step, ::step].reshape(-1, 3)
    density = _density_of_levels(WHITE)[sample]
    return sample[np.linalg.norm(density, axis=1) > TISSUE_DENSITY]


def _macenko(tissue: Pixels) -> Stains:
    normaliser = NumpyMacenkoNormalizer()
    normaliser.fit(tissue[np.newaxis], Io=WHITE, beta=-np.inf)
    return Stains(normaliser.HERef, normaliser.maxCRef)


def _is_plausible(found: Stains) -> bool:
    if not (np.isfinite(found.vectors).all() and (found.strengths > 0.0).all()):
        return False
    reference = reference_stains().vectors
    turned = [_angle(found.vectors[:, one], reference[:, one]) for one in (0, 1)]
    apart = _angle(found.vectors[:, 0], found.vectors[:, 1])
    return max(turned) <= FARTHEST_FROM_REFERENCE and apart >= NEAREST_TO_EACH_OTHER


def _with_reference_vectors(tissue: Pixels) -> Stains:
    reference = reference_stains()
    amounts = _density_of_levels(WHITE)[tissue] @ np.linalg.pinv(reference.vectors).T
    return Stains(reference.vectors, np.percentile(amounts, 99, axis=0))


def _normalised(pixels: Pixels) -> Pixels:
    found = stains_of(pixels)
    if found is None:
        return pixels.copy()
    reference = reference_stains()
    change = reference.strengths / np.maximum(found.strengths, 1e-3)
    change = np.clip(change, *STRENGTH_CHANGE)
    # Unmixing, scaling and mixing again are one matrix, so the pixels are read once.
    matrix = ((reference.vectors * -change) @ np.linalg.pinv(found.vectors)).T.astype(np.float32)
    density = _density_of_levels(WHITE)

    def restained(strip: Pixels) -> Pixels:
        light = density[strip.reshape(-1, 3)] @ matrix
        np.exp(np.minimum(light, 1.0, out=light), out=light)
        light *= WHITE
        light += 0.5
        return np.minimum(light, 255.0, out=light).astype(np.uint8).reshape(strip.shape)

    return _by_strips(pixels, restained)


def _alone(pixels: Pixels, stain: int) -> Pixels:
    """One stain in its own colour on white; the third vector takes what is neither."""
    first, second = reference_stains().vectors.T
    third = np.cross(first, second)
    stains = np.stack([first, second, third / np.linalg.norm(third)])
    # Strengths as shades of a palette: one number a pixel, and no exponential.
    weights = np.linalg.inv(stains)[:, stain] * (SHADES / DARKEST)
    red, green, blue = (weights[:, np.newaxis] * _density_of_levels(256.0)).astype(np.float32)
    palette = _palette(stains[stain])

    def deconvolved(strip: Pixels) -> Pixels:
        amount = red[strip[..., 0]]
        amount += green[strip[..., 1]]
        amount += blue[strip[..., 2]]
        return palette[np.clip(amount, 0, SHADES - 1, out=amount).astype(np.intp)]

    return _by_strips(pixels, deconvolved)


def _by_strips(pixels: Pixels, change: Callable[[Pixels], Pixels]) -> Pixels:
    """Change a picture strip by strip: the parts stay in the processor's cache, and no step
    holds the interpreter for long while a window waits for it."""
    rows = max(1, STRIP_PIXELS // pixels.shape[1])
    changed = np.empty_like(pixels)
    for top in range(0, len(pixels), rows):
        changed[top : top + rows] = change(pixels[top : top + rows])
    return changed


def _palette(vector: Floats) -> Pixels:
    """(SHADES, 3): the colour of every strength of a stain from none to DARKEST."""
    strengths = np.arange(SHADES)[:, np.newaxis] * (DARKEST / SHADES)
    return np.rint(255.0 * np.exp(-strengths * vector)).astype(np.uint8)


def _density_of_levels(white: float) -> NDArray[np.float32]:
    """OD of the 256 levels of a channel; 1 is added, as torchstain does, to keep 0 finite."""
    return (-np.log((np.arange(256) + 1.0) / white)).astype(np.float32)


def _angle(one: Floats, other: Floats) -> float:
    """Degrees between two directions."""
    lengths = np.linalg.norm(one) * np.linalg.norm(other)
    return float(np.degrees(np.arccos(np.clip(one @ other / max(lengths, 1e-9), -1.0, 1.0))))
