"""The two PAS stains in optical density, and jitter of their strengths, as staining days differ.

Light passes a stain by Beer and Lambert's law, so optical density (OD), -ln(light), is a sum of
stains by their strength (Ruifrok and Johnston 2001); jitter of the strengths as in Tellez and
others 2018 ("Whole-slide mitosis detection in H&E breast histology using PHH3").
"""

from __future__ import annotations

from dataclasses import dataclass

import torch

# Directions in OD of R, G, B: haematoxylin and periodic acid-Schiff magenta, as ImageJ has them.
HAEMATOXYLIN = (0.644, 0.717, 0.267)
SCHIFF = (0.175, 0.972, 0.155)


@dataclass(frozen=True, slots=True)
class StainJitter:
    """For N patches and the three stains, both (N, 3): `scale` near 1, `shift` near 0 in OD."""

    scale: torch.Tensor
    shift: torch.Tensor

    def __getitem__(self, part: slice) -> StainJitter:
        return StainJitter(self.scale[part], self.shift[part])


def stain_matrix() -> torch.Tensor:
    """(3, 3): a unit vector a row; the third, for what is neither, is their cross product."""
    first, second = (
        torch.nn.functional.normalize(torch.tensor(one, dtype=torch.float64), dim=0)
        for one in (HAEMATOXYLIN, SCHIFF)
    )
    third = torch.nn.functional.normalize(torch.linalg.cross(first, second), dim=0)
    return torch.stack([first, second, third])


def draw_stain_jitter(size: int, amount: float, generator: torch.Generator) -> StainJitter:
    """Scale in 1-amount..1+amount and shift in -amount/2..amount/2, uniform, on the CPU."""
    drawn = 2.0 * torch.rand(2, size, 3, generator=generator) - 1.0
    # A whole amount of OD would outweigh the weaker stain; half keeps pale tissue pale.
    return StainJitter(1.0 + amount * drawn[0], 0.5 * amount * drawn[1])


def density_change(jitter: StainJitter) -> tuple[torch.Tensor, torch.Tensor]:
    """(N, 3, 3) that an OD column of R, G, B is multiplied by, and (N, 3) that is added to it.

    Deconvolving, scaling and recomposing are one matrix a patch, so pixels are read once.
    """
    stains = stain_matrix()
    mixing = torch.linalg.inv(stains) @ torch.diag_embed(jitter.scale.double()) @ stains
    return mixing.transpose(1, 2), jitter.shift.double() @ stains
