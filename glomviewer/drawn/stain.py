"""How a laboratory's PAS stain turns what is in the tissue into colour.

Beer and Lambert: intensity = white * exp(-density), the density of each dye being its amount times
its colour vector (Ruifrok and Johnston 2001, "Quantification of histochemical staining").
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glomviewer.drawn.fields import Field

Rgb = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Stain:
    """A laboratory's dyes: optical density of red, green and blue for one unit of each."""

    name: str
    pas: Rgb
    haematoxylin: Rgb
    counterstain: float = 0.0
    """Haematoxylin that clings to everything that is not a lumen."""
    contrast: float = 1.0
    white: Rgb = (245.0, 243.0, 244.0)

    def varied(self, rng: np.random.Generator, spread: float = 1.0) -> Stain:
        """The same laboratory on another day: hue and strength of both dyes drift."""
        drift = rng.normal(0.0, 0.035 * spread, (2, 3))
        strength = np.exp(rng.normal(0.0, 0.09 * spread, 2))
        return Stain(
            self.name,
            _scaled(self.pas, strength[0] * np.exp(drift[0])),
            _scaled(self.haematoxylin, strength[1] * np.exp(drift[1])),
            max(0.0, self.counterstain + rng.normal(0.0, 0.03 * spread)),
            self.contrast * float(np.exp(rng.normal(0.0, 0.05 * spread))),
            self.white,
        )


def _scaled(vector: Rgb, factor: NDArray[np.float64]) -> Rgb:
    red, green, blue = np.asarray(vector) * factor
    return float(red), float(green), float(blue)


LABORATORIES: tuple[Stain, ...] = (
    Stain("rose", (0.17, 0.80, 0.33), (1.12, 1.10, 0.62), 0.04),
    Stain("lavender", (0.24, 0.64, 0.27), (1.00, 0.92, 0.48), 0.10),
    Stain("crimson", (0.42, 1.50, 0.74), (1.20, 1.25, 0.80), 0.05),
    Stain("aubergine", (0.78, 1.45, 0.80), (1.35, 1.40, 0.95), 0.22, 1.06, (244.0, 241.0, 240.0)),
    Stain("blush", (0.12, 0.55, 0.25), (0.96, 0.90, 0.52), 0.05, 0.94),
    Stain("magenta", (0.29, 1.15, 0.50), (1.22, 1.20, 0.66), 0.06),
)


def colour(pas: Field, haematoxylin: Field, tissue: Field, stain: Stain) -> Field:
    """Amounts of both dyes, each (height, width), to RGB of 0 to 255, (height, width, 3)."""
    haem = haematoxylin + np.float32(stain.counterstain) * tissue
    density = np.empty((*pas.shape, 3), np.float32)
    for channel in range(3):
        density[..., channel] = np.float32(stain.pas[channel] * stain.contrast) * pas
        density[..., channel] += np.float32(stain.haematoxylin[channel] * stain.contrast) * haem
    np.negative(density, out=density)
    np.exp(density, out=density)
    density *= np.asarray(stain.white, np.float32)
    return density
