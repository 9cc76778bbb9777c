"""Changes of stain, brightness, contrast and saturation of whole batches, drawn on the CPU."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from training.augmentation.stain import StainJitter, density_change

# Rec. 601 luma, the grey that saturation is measured from.
_LUMA = (0.299, 0.587, 0.114)
# Below this mean OD (a transmission of 0.86) is glass or padding, not tissue; Macenko 2009.
_TISSUE_OD = 0.15


@dataclass(frozen=True, slots=True)
class Jitter:
    """Factors for a batch, all near 1.

    `density` (N, 3) scales each channel's optical density; `brightness`, `contrast` and
    `saturation` are (N,).
    """

    density: torch.Tensor
    brightness: torch.Tensor
    contrast: torch.Tensor
    saturation: torch.Tensor

    def __getitem__(self, part: slice) -> Jitter:
        return Jitter(
            self.density[part], self.brightness[part], self.contrast[part], self.saturation[part]
        )


def draw_jitter(size: int, amount: float, generator: torch.Generator) -> Jitter:
    """Uniform factors in 1-amount..1+amount for `size` patches."""

    def factors(*shape: int) -> torch.Tensor:
        return 1.0 + amount * (2.0 * torch.rand(*shape, generator=generator) - 1.0)

    return Jitter(factors(size, 3), factors(size), factors(size), factors(size))


def change_colours(images: torch.Tensor, stain: StainJitter | None, jitter: Jitter | None) -> None:
    """Change (N, 3, S, S) contiguous fp32 in 0..255 in place.

    What scales optical density is a power of the transmitted light (Beer and Lambert), so the
    white of the background stays white; what is added to it fades out where there is no tissue.
    All matrices are made on the CPU, so that each pixel is read and written few times.
    """
    pixels = images.view(len(images), 3, -1)
    _change_density(pixels, stain, jitter)
    if jitter is not None:
        _change_contrast_and_saturation(pixels, jitter)
    pixels.clamp_(0.0, 255.0)


def _change_density(pixels: torch.Tensor, stain: StainJitter | None, jitter: Jitter | None) -> None:
    count, device = len(pixels), pixels.device
    mixing = torch.eye(3, dtype=torch.float64).expand(count, 3, 3)
    added: torch.Tensor | None = None
    if stain is not None:
        mixing, added = density_change(stain)
    brightness = torch.ones(count, dtype=torch.float64)
    if jitter is not None:
        channels = jitter.density.double()
        mixing = channels[:, :, None] * mixing
        added = None if added is None else channels * added
        brightness = jitter.brightness.double()
    density = pixels.clamp_(min=1.0).mul_(1 / 255).log_()
    # The sign of the logarithm is left as it is: both sides of the sum would change it.
    changed = torch.bmm(_moved(mixing, device), density)
    if added is not None:
        tissue = density.sum(dim=1, keepdim=True).mul_(-1 / (3 * _TISSUE_OD)).clamp_(max=1.0)
        # Squared, since glass is seldom quite white.
        tissue.square_()
        changed.baddbmm_(_moved(-added[:, :, None], device), tissue)
    torch.exp(changed, out=pixels)
    pixels.mul_(_moved(255.0 * brightness[:, None, None], device))


def _change_contrast_and_saturation(pixels: torch.Tensor, jitter: Jitter) -> None:
    """Both draw towards a grey, the patch's mean and the pixel's luma: one affine map a patch."""
    contrast, saturation = jitter.contrast.double(), jitter.saturation.double()
    luma = torch.tensor(_LUMA, dtype=torch.float64).expand(3, 3)
    own = saturation[:, None, None] * torch.eye(3, dtype=torch.float64)
    mixing = contrast[:, None, None] * (own + (1.0 - saturation[:, None, None]) * luma)
    rest = _moved((1.0 - contrast)[:, None, None], pixels.device)
    middle = pixels.mean(dim=(1, 2), keepdim=True)
    changed = torch.bmm(_moved(mixing, pixels.device), pixels)
    torch.add(changed, rest * middle, out=pixels)


def _moved(values: torch.Tensor, device: torch.device) -> torch.Tensor:
    return values.float().to(device, non_blocking=True)
