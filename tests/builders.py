"""Small libraries on disk for tests: plain-coloured patches, a reader, models without torch."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

from glomviewer.domain.labels import NO_LABEL, Split
from glomviewer.domain.splits import Shares
from glomviewer.store.adding import NewPatch
from glomviewer.store.library import Library
from training import decode
from training.config import Architecture, Calibration, ModelCard, Preprocessing, Threshold

SCLEROTIC = (120, 20, 90)
NOT_SCLEROTIC = (230, 170, 210)


@dataclass(frozen=True)
class PatchPlan:
    """One patch to be made. Every patch has a colour of its own, so that no two are alike."""

    case: str = "case 1"
    slide: str = ""
    label: int = NO_LABEL
    split: Split = Split.NONE
    size: tuple[int, int] = (24, 20)
    colour: tuple[int, int, int] | None = None
    microns_per_pixel: float | None = None


@dataclass
class SmallLibrary:
    """A library with the folder that its images are in. Patch ids are 1, 2, 3, …"""

    library: Library
    images: Path
    readers: list[int] = field(default_factory=list)

    @property
    def reader(self) -> int:
        return self.readers[0]

    @property
    def ids(self) -> list[int]:
        return self.library.load_table(None).ids.tolist()


def plans(cases: int = 6, each: int = 4, *, labelled: bool = True) -> list[PatchPlan]:
    """`cases` cases of `each` patches, half of them sclerotic: four of six cases are for
    training, one for validation, one is locked."""
    splits = (
        Split.TRAIN,
        Split.VALIDATION,
        Split.LOCKED,
        Split.TRAIN,
        Split.TRAIN,
        Split.TRAIN,
    )
    return [
        PatchPlan(
            case=f"case {case + 1}",
            slide=f"slide {case + 1}",
            label=number % 2 if labelled else NO_LABEL,
            split=splits[case % len(splits)],
        )
        for case in range(cases)
        for number in range(each)
    ]


def make_library(
    folder: Path,
    patches: Sequence[PatchPlan] | None = None,
    *,
    readers: Sequence[tuple[str, str]] = (("Ann Reader", "AR"),),
    image_files: bool = True,
) -> SmallLibrary:
    """A library `small.glomlib` in `folder`, its images beside it. The caller closes it."""
    images = folder / "images"
    images.mkdir(parents=True, exist_ok=True)
    library = Library.create(folder / "small.glomlib")
    wanted = plans() if patches is None else list(patches)
    rows = [_new_patch(images, number, plan, image_files) for number, plan in enumerate(wanted, 1)]
    library.add_patches(rows, root=images, shares=Shares())
    ids = [library.add_reader(name, initials).id for name, initials in readers]
    return SmallLibrary(library, images, ids)


def make_model_folder(
    folder: Path,
    *,
    name: str = "demo",
    version: int = 1,
    threshold: float = 0.0,
    slope: float = 1.0,
    intercept: float = 0.0,
    seen: Sequence[str] = (),
    seen_known: bool = True,
    model_id: str = "",
) -> Path:
    """A model folder with a card and weights that no program could load."""
    folder.mkdir(parents=True)
    text = "".join(f"{value}\n" for value in sorted(seen))
    (folder / "seen.txt").write_text(text, encoding="utf-8")
    (folder / "weights.safetensors").write_bytes(b"no weights")
    ModelCard(
        id=model_id or hashlib.sha256(f"{name} {version}".encode()).hexdigest()[:16],
        name=name,
        version=version,
        architecture=Architecture("plain"),
        preprocessing=Preprocessing(),
        calibration=Calibration(slope=slope, intercept=intercept),
        threshold=Threshold(logit=threshold, rule="f1"),
        created="2026-01-02T03:04:05.000+00:00",
        seen="known" if seen_known else "unknown",
        seen_count=len(seen),
        data_hash=hashlib.sha256(text.encode()).hexdigest(),
    ).write(folder / "model.json")
    return folder


def add_model(
    small: SmallLibrary,
    logits: Mapping[int, float] | None = None,
    *,
    out_of_fold: Mapping[int, float] | None = None,
    **card: object,
) -> str:
    """Register a model with these raw logits; the first one becomes active. Gives its id."""
    draft = small.images.parent / f"model-{len(small.library.models())}"
    made = make_model_folder(draft, **card)  # type: ignore[arg-type]
    values = json.loads((made / "model.json").read_text(encoding="utf-8"))
    target = small.library.paths.model(values["id"])
    target.parent.mkdir(parents=True, exist_ok=True)
    made.rename(target)
    small.library.add_model(target, values)
    rows = [(patch, logit, "") for patch, logit in (logits or {}).items()]
    small.library.store_predictions(values["id"], rows, out_of_fold)
    return values["id"]


def _new_patch(images: Path, number: int, plan: PatchPlan, image_file: bool) -> NewPatch:
    name = f"p{number}.png"
    base = plan.colour or (SCLEROTIC if plan.label == 1 else NOT_SCLEROTIC)
    picture = Image.new("RGB", plan.size, base)
    picture.putpixel((0, 0), (number % 256, number // 256 % 256, number // 65536))
    path = images / name
    if image_file:
        picture.save(path)
    data = path.read_bytes() if image_file else name.encode()
    pixels = decode.pixel_hash(decode.decode(data)) if image_file else f"{number:064x}"
    return NewPatch(
        path=name,
        name=name,
        sha256=hashlib.sha256(data).hexdigest(),
        pixel_hash=pixels,
        width=plan.size[0],
        height=plan.size[1],
        bytes=len(data),
        modified_ns=path.stat().st_mtime_ns if image_file else 0,
        microns_per_pixel=plan.microns_per_pixel,
        slide=plan.slide,
        case=plan.case,
        imported_label=plan.label,
        split=plan.split,
    )
