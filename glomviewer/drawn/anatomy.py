"""What is to be drawn: the state of one glomerulus and of the tissue around it, as numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

OPEN_KINDS = ("open", "cellular", "ischaemic", "segmental", "mesangial", "nearly global")
SCARRED_KINDS = ("solidified", "obsolescent", "fading", "nearly global")


@dataclass(frozen=True, slots=True)
class Anatomy:
    """Lengths in microns, everything else a share of 0 to 1 unless said otherwise."""

    kind: str
    capsule_radius: float = 78.0
    tuft_share: float = 0.9
    """The tuft's radius as a share of the capsule's."""
    roundness: float = 0.9
    lobulation: float = 0.5
    openness: float = 0.75
    """How wide the capillary loops are."""
    loop: float = 9.0
    """Distance between neighbouring capillary loops."""
    mesangium: float = 0.25
    scar: float = 0.0
    """How far the tuft is obliterated, all over."""
    segment: float = 0.0
    """The share of the tuft that a segmental scar takes."""
    segment_angle: float = 0.0
    folds: float = 0.3
    """Wrinkled membranes inside the scar."""
    nuclei: float = 1.0
    capsule: float = 1.0
    wrinkle: float = 0.0
    space_fibrosis: float = 0.0
    """Collagen where Bowman's space was."""
    fibrosis: float = 0.1
    """Around the glomerulus, pushing the tubules apart."""
    inflammation: float = 0.1
    section_edge: float | None = None
    """The tissue ends this far from the centre, in capsule radii; None where it does not."""
    edge_angle: float = 0.0
    centre: tuple[float, float] = (0.0, 0.0)
    """The glomerulus's offset from the patch's middle, in capsule radii."""
    blur: float = 0.35
    """Standard deviation of the focus, in microns."""
    margin: float = 1.12
    """Half the patch's shorter side, in capsule radii."""
    aspect: float = 1.0


def imagine(rng: np.random.Generator, label: int, difficulty: float) -> Anatomy:
    """A glomerulus that a pathologist would call `label`; the harder, the nearer to the line."""
    hard = rng.random() < difficulty
    if label == 1:
        weights = (0.22, 0.22, 0.12, 0.44) if hard else (0.45, 0.37, 0.18, 0.0)
        kind = str(rng.choice(SCARRED_KINDS, p=weights))
        drawn = _scarred(rng, kind, hard)
    else:
        weights = (
            (0.1, 0.15, 0.18, 0.25, 0.13, 0.19) if hard else (0.62, 0.2, 0.05, 0.05, 0.08, 0.0)
        )
        kind = str(rng.choice(OPEN_KINDS, p=weights))
        drawn = _open(rng, kind, hard)
    return _taken(rng, drawn, difficulty)


def imagine_other(rng: np.random.Generator) -> Anatomy:
    """Tubules and interstitium only: not a glomerulus."""
    plain = Anatomy("tubules", capsule_radius=rng.uniform(55, 80), fibrosis=rng.uniform(0.0, 0.5))
    return _taken(rng, plain, 0.0)


def _open(rng: np.random.Generator, kind: str, hard: bool) -> Anatomy:
    u = rng.uniform
    base = Anatomy(
        kind,
        capsule_radius=float(np.clip(rng.normal(78, 10), 52, 104)),
        tuft_share=u(0.87, 0.98),
        roundness=u(0.75, 1.0),
        lobulation=u(0.2, 0.9),
        openness=u(0.55, 0.95),
        loop=u(8.2, 11.0),
        mesangium=u(0.1, 0.4),
        nuclei=u(0.8, 1.15),
        capsule=u(0.75, 1.15),
        fibrosis=u(0.0, 0.35),
        inflammation=u(0.0, 0.3),
    )
    angle = u(-np.pi, np.pi)
    if kind == "cellular":
        return replace(base, openness=u(0.2, 0.5), nuclei=u(1.2, 1.6), mesangium=u(0.3, 0.55))
    if kind == "ischaemic":
        return replace(
            base,
            capsule_radius=base.capsule_radius * u(0.7, 0.92),
            tuft_share=u(0.62, 0.84),
            openness=u(0.12, 0.45),
            mesangium=u(0.4, 0.75),
            scar=u(0.05, 0.35),
            folds=u(0.6, 1.0),
            nuclei=u(0.55, 0.9),
            wrinkle=u(0.2, 0.8),
            fibrosis=u(0.3, 0.8),
            inflammation=u(0.1, 0.6),
        )
    if kind == "segmental":
        share = u(0.3, 0.66) if hard else u(0.12, 0.35)
        return replace(base, segment=share, segment_angle=angle, fibrosis=u(0.1, 0.6))
    if kind == "mesangial":
        return replace(
            base, openness=u(0.3, 0.6), mesangium=u(0.65, 1.0), scar=u(0.0, 0.3), nuclei=u(0.7, 1.1)
        )
    if kind == "nearly global":
        return _nearly_global(rng, base, scarred=u(0.45, 0.74), angle=angle)
    return base


def _scarred(rng: np.random.Generator, kind: str, hard: bool) -> Anatomy:
    u = rng.uniform
    base = Anatomy(
        kind,
        capsule_radius=float(np.clip(rng.normal(56, 10), 34, 84)),
        tuft_share=u(0.86, 1.0),
        roundness=u(0.5, 0.95),
        lobulation=u(0.1, 0.5),
        openness=u(0.1, 0.5),
        loop=u(8.0, 11.0),
        mesangium=u(0.7, 1.0),
        scar=u(0.66, 0.86) if hard else u(0.8, 0.97),
        folds=u(0.2, 1.0),
        nuclei=u(0.4, 0.9) if hard else u(0.2, 0.6),
        capsule=u(0.4, 1.0),
        wrinkle=u(0.3, 1.0),
        space_fibrosis=u(0.2, 1.0),
        fibrosis=u(0.35, 1.0),
        inflammation=u(0.1, 1.0),
    )
    angle = u(-np.pi, np.pi)
    if kind == "obsolescent":
        return replace(
            base,
            capsule_radius=base.capsule_radius * u(1.0, 1.2),
            tuft_share=u(0.5, 0.76),
            space_fibrosis=u(0.75, 1.0),
            folds=u(0.5, 1.0),
        )
    if kind == "fading":
        return replace(base, capsule=u(0.0, 0.3), fibrosis=u(0.7, 1.0), folds=u(0.1, 0.4))
    if kind == "nearly global":
        larger = replace(base, capsule_radius=u(50, 78), nuclei=u(0.5, 0.95), openness=u(0.4, 0.8))
        return _nearly_global(rng, larger, scarred=u(0.77, 0.97), angle=angle)
    return base


def _nearly_global(
    rng: np.random.Generator, base: Anatomy, *, scarred: float, angle: float
) -> Anatomy:
    """The zone where readers differ: most of the tuft is scar, a few loops are left."""
    return replace(
        base,
        capsule_radius=base.capsule_radius * rng.uniform(0.85, 1.0),
        segment=scarred,
        segment_angle=angle,
        scar=rng.uniform(0.1, 0.4),
        capsule=rng.uniform(0.5, 1.0),
        wrinkle=rng.uniform(0.2, 0.7),
        space_fibrosis=rng.uniform(0.0, 0.7),
        fibrosis=rng.uniform(0.2, 0.9),
        inflammation=rng.uniform(0.1, 0.8),
    )


def _taken(rng: np.random.Generator, drawn: Anatomy, difficulty: float) -> Anatomy:
    """How the patch was cut and scanned: framing, the section's edge, the focus."""
    edge = rng.uniform(0.6, 1.25) if rng.random() < 0.14 else None
    shift = rng.uniform(0.3, 0.75) if rng.random() < 0.12 * difficulty else rng.uniform(0, 0.08)
    way = rng.uniform(-np.pi, np.pi)
    blurred = rng.random() < 0.15 * difficulty
    return replace(
        drawn,
        section_edge=edge,
        edge_angle=rng.uniform(-np.pi, np.pi),
        centre=(float(shift * np.cos(way)), float(shift * np.sin(way))),
        blur=rng.uniform(1.2, 2.4) if blurred else rng.uniform(0.2, 0.5),
        margin=rng.uniform(1.02, 1.3),
        aspect=float(np.exp(rng.normal(0.0, 0.08))),
    )
