"""A cohort: cases of several laboratories, their slides, and the patches cut from them.

Planning is apart from drawing, so that a plan of thousands is instant and patches can be drawn one
by one, or on several cores.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from glomviewer.drawn.anatomy import Anatomy, imagine, imagine_other
from glomviewer.drawn.names import case_name, patch_name, slide_name
from glomviewer.drawn.patch import DrawnPatch, patch_size, render
from glomviewer.drawn.splits import assign_splits
from glomviewer.drawn.stain import LABORATORIES, Stain


@dataclass(frozen=True, slots=True)
class CohortOptions:
    """Shares are of the whole count and are rounded."""

    size: int | tuple[int, int] | None = None
    """Pixels; None gives every patch its own size at its slide's scale."""
    wrong: float = 0.03
    """Labels deliberately written the wrong way round."""
    unlabelled: float = 0.027
    serial: float = 0.04
    """Neighbouring sections of a glomerulus that is there already."""
    others: float = 0.01
    """Not glomeruli; always without a label."""
    hardness: float = 0.5
    """The mean difficulty."""
    suffix: str = ".png"


@dataclass(frozen=True, slots=True)
class PatchPlan:
    """All that decides one patch's pixels and its row."""

    name: str
    case: str
    slide: str
    split: str
    label: int | None
    truth: int | None
    difficulty: float
    anatomy: Anatomy
    stain: Stain
    seed: int
    section: int
    size: int | tuple[int, int] | None
    microns_per_pixel: float
    serial_of: str = ""

    def draw(self) -> DrawnPatch:
        """Draw it; about 55 ms for 300 x 300 pixels."""
        width, height, scale = patch_size(self.anatomy, self.size, self.microns_per_pixel)
        pixels = render(self.anatomy, self.seed, self.stain, width, height, scale, self.section)
        return DrawnPatch(
            name=self.name,
            pixels=pixels,
            label=self.label,
            truth=self.truth,
            case=self.case,
            slide=self.slide,
            microns_per_pixel=round(scale, 4),
            difficulty=self.difficulty,
            kind=self.anatomy.kind,
            split=self.split,
            serial_of=self.serial_of,
        )


@dataclass(frozen=True, slots=True)
class _Case:
    name: str
    slides: int
    stains: tuple[Stain, ...]
    scale: float
    scarred: float
    weight: float


def draw_cohort(
    count: int, seed: int, cases: int | None = None, options: CohortOptions | None = None
) -> Iterator[DrawnPatch]:
    """Draw `count` patches of `cases` cases (by default one for every 12 patches), one by one."""
    for plan in plan_cohort(count, seed, cases, options):
        yield plan.draw()


def plan_cohort(
    count: int, seed: int, cases: int | None = None, options: CohortOptions | None = None
) -> list[PatchPlan]:
    """Plan a cohort; the same arguments give the same plan."""
    if count < 1 or (cases is not None and cases < 1):
        raise ValueError("A cohort needs at least one patch and one case.")
    chosen = options or CohortOptions()
    rng = np.random.default_rng([seed, 0x610])
    people = _cases(rng, min(cases or max(3, round(count / 12.5)), count))
    weights = np.array([person.weight for person in people])
    owners = np.concatenate(
        [
            np.arange(len(people)),
            rng.choice(len(people), max(0, count - len(people)), p=weights / weights.sum()),
        ]
    )
    plans = [_plan(rng, people[owner], chosen) for owner in np.sort(owners)]
    plans = _with_serial_sections(rng, plans, round(chosen.serial * count), chosen)
    plans = _with_others(rng, plans, round(chosen.others * count))
    plans = assign_splits(rng, plans)
    plans = _with_wrong_labels(rng, plans, round(chosen.wrong * count))
    return _with_gaps(rng, plans, round(chosen.unlabelled * count))


def _cases(rng: np.random.Generator, count: int) -> list[_Case]:
    taken: set[str] = set()
    people: list[_Case] = []
    for _ in range(count):
        name = case_name(rng, taken)
        taken.add(name)
        house = LABORATORIES[int(rng.integers(len(LABORATORIES)))].varied(rng)
        slides = int(rng.choice([1, 2, 3], p=[0.35, 0.5, 0.15]))
        people.append(
            _Case(
                name=name,
                slides=slides,
                stains=tuple(house.varied(rng, 0.35) for _ in range(slides)),
                scale=float(rng.choice([0.55, 0.6, 0.66, 0.72])),
                scarred=float(rng.beta(1.0, 2.7)),
                weight=float(rng.gamma(3.0, 1.0)) + 0.2,
            )
        )
    return people


def _plan(rng: np.random.Generator, person: _Case, options: CohortOptions) -> PatchPlan:
    truth = int(rng.random() < person.scarred)
    difficulty = float(rng.beta(4 * options.hardness, 4 * (1 - options.hardness)))
    number = int(rng.integers(person.slides))
    slide = slide_name(person.name, number + 1, person.slides)
    return PatchPlan(
        name=patch_name(rng, slide, options.suffix),
        case=person.name,
        slide=slide,
        split="",
        label=truth,
        truth=truth,
        difficulty=round(difficulty, 3),
        anatomy=imagine(rng, truth, difficulty),
        stain=person.stains[number],
        seed=int(rng.integers(2**31)),
        section=0,
        size=options.size,
        microns_per_pixel=person.scale,
    )


def _with_serial_sections(
    rng: np.random.Generator, plans: list[PatchPlan], wanted: int, options: CohortOptions
) -> list[PatchPlan]:
    """Replace some patches by a neighbouring section of another patch of their own case."""
    by_case: dict[str, list[int]] = {}
    for place, plan in enumerate(plans):
        by_case.setdefault(plan.case, []).append(place)
    rich = [places for places in by_case.values() if len(places) >= 4]
    drawn = list(plans)
    for turn in rng.permutation(len(rich))[:wanted]:
        first, second = rng.choice(rich[turn], 2, replace=False).tolist()
        model = plans[first]
        drawn[second] = replace(
            model,
            name=patch_name(rng, plans[second].slide, options.suffix),
            slide=plans[second].slide,
            stain=plans[second].stain,
            section=1,
            serial_of=model.name,
        )
    return drawn


def _with_others(rng: np.random.Generator, plans: list[PatchPlan], wanted: int) -> list[PatchPlan]:
    drawn = list(plans)
    related = {plan.serial_of for plan in plans} | {p.name for p in plans if p.serial_of}
    free = [place for place, plan in enumerate(plans) if plan.name not in related]
    for place in rng.permutation(free)[:wanted].tolist():
        drawn[place] = replace(plans[place], label=None, truth=None, anatomy=imagine_other(rng))
    return drawn


def _with_wrong_labels(
    rng: np.random.Generator, plans: list[PatchPlan], wanted: int
) -> list[PatchPlan]:
    """Turn clear labels round, two thirds of them in train, as many of either class as can be."""
    drawn = list(plans)
    order = rng.permutation(len(plans)).tolist()
    quota = {"train": wanted - wanted // 3, "validation": wanted // 9}
    quota["test"] = wanted - quota["train"] - quota["validation"]
    for split, number in quota.items():
        clear = [
            place
            for place in order
            if plans[place].split == split
            and plans[place].truth is not None
            and plans[place].anatomy.kind != "nearly global"
            and plans[place].anatomy.blur < 1.0
        ]
        scarred = [place for place in clear if plans[place].truth == 1]
        plain = [place for place in clear if plans[place].truth == 0]
        for place in scarred[: number // 2] + plain[: number - number // 2]:
            drawn[place] = replace(plans[place], label=1 - (plans[place].truth or 0))
    return drawn


def _with_gaps(rng: np.random.Generator, plans: list[PatchPlan], wanted: int) -> list[PatchPlan]:
    drawn = list(plans)
    missing = sum(plan.label is None for plan in plans)
    right = [
        p for p, plan in enumerate(plans) if plan.label is not None and plan.label == plan.truth
    ]
    for place in rng.permutation(right)[: max(0, wanted - missing)].tolist():
        drawn[place] = replace(plans[place], label=None)
    return drawn
