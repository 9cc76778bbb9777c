"""Drawn PAS-like patches of glomeruli for the demo, tests and benchmarks. Nothing here is real.

Needs numpy and Pillow only.
"""

from glomviewer.drawn.cohort import CohortOptions, PatchPlan, draw_cohort, plan_cohort
from glomviewer.drawn.fast import draw_fast
from glomviewer.drawn.patch import DrawnPatch, draw_patch
from glomviewer.drawn.stain import LABORATORIES, Stain
from glomviewer.drawn.write import write_cohort, write_patch

__all__ = [
    "LABORATORIES",
    "CohortOptions",
    "DrawnPatch",
    "PatchPlan",
    "Stain",
    "draw_cohort",
    "draw_fast",
    "draw_patch",
    "plan_cohort",
    "write_cohort",
    "write_patch",
]
