"""`python -m glomviewer.drawn --out FOLDER`: draw a cohort as pictures and tables."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from glomviewer.drawn.cohort import CohortOptions, PatchPlan, plan_cohort
from glomviewer.drawn.fast import draw_fast
from glomviewer.drawn.patch import DrawnPatch
from glomviewer.drawn.write import write_cohort

DEMO_COUNT = 300
DEMO_SEED = 2007


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw what was asked for; 0, or 2 with one sentence where that can't be done."""
    asked = _parser().parse_args(arguments)
    if asked.size is not None and asked.size < 16:
        print(f"A patch of {asked.size} pixels is too small to draw; 16 is least.", file=sys.stderr)
        return 2
    if asked.count < 1 or (asked.cases is not None and asked.cases < 1):
        print("Ask for at least one patch and one case.", file=sys.stderr)
        return 2
    if asked.fast:
        patches = draw_fast(asked.count, asked.seed, asked.size or 64, suffix=f".{asked.format}")
    else:
        options = CohortOptions(
            size=asked.size, wrong=asked.wrong, hardness=asked.hardness, suffix=f".{asked.format}"
        )
        plans = plan_cohort(asked.count, asked.seed, asked.cases, options)
        patches = _drawn(plans, asked.processes)
    try:
        written = write_cohort(asked.out, patches, asked.images, asked.quality)
    except OSError as problem:
        print(f"Nothing more can be written to {asked.out}: {problem}.", file=sys.stderr)
        return 2
    print(
        f"{written.patches} drawn patches of {written.cases} cases in {asked.out}: "
        f"{written.sclerotic} labelled globally sclerotic, {written.unlabelled} without a label, "
        f"{written.wrong} labels deliberately wrong; {written.bytes / 1e6:.1f} MB."
    )
    return 0


def _drawn(plans: list[PatchPlan], processes: int) -> Iterator[DrawnPatch]:
    if processes <= 1:
        yield from map(PatchPlan.draw, plans)
        return
    with ProcessPoolExecutor(processes) as pool:
        yield from pool.map(PatchPlan.draw, plans, chunksize=16)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m glomviewer.drawn",
        description="Draw PAS-like patches of glomeruli. None of them is real.",
    )
    parser.add_argument("--out", type=Path, required=True, help="folder for pictures and tables")
    parser.add_argument("--count", type=int, default=DEMO_COUNT)
    parser.add_argument("--seed", type=int, default=DEMO_SEED)
    parser.add_argument("--cases", type=int, help="by default one for every 12 or 13 patches")
    parser.add_argument("--size", type=int, help="one side in pixels; by default each its own")
    parser.add_argument("--wrong", type=float, default=0.03, help="share of wrong labels")
    parser.add_argument("--hardness", type=float, default=0.5, help="mean difficulty, 0.1 to 0.9")
    parser.add_argument("--format", choices=("jpg", "png"), default="jpg")
    parser.add_argument("--quality", type=int, default=74, help="of JPEG")
    parser.add_argument("--images", default="patches", help="name of the folder of pictures")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--fast", action="store_true", help="very many small ones for benchmarks")
    return parser


if __name__ == "__main__":
    sys.exit(main())
