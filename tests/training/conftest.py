"""Small patches and a small model, for tests of the torch side."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from training.decode import decode, pixel_hash
from training.patches.manifest import ManifestRow

MakeRows = Callable[..., list[ManifestRow]]


@pytest.fixture(autouse=True)
def no_added_weights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test finds weights that the person at this machine has added."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GLOMVIEWER_WEIGHTS", str(tmp_path_factory.getbasetemp() / "no weights"))
        yield


@pytest.fixture
def make_rows(tmp_path: Path) -> MakeRows:
    """Write `count` small PNGs and return their rows, with hashes."""

    def make(count: int, *, folder: str = "patches", hashed: bool = True) -> list[ManifestRow]:
        place = tmp_path / folder
        place.mkdir(exist_ok=True)
        rows: list[ManifestRow] = []
        for number in range(count):
            random = np.random.default_rng(number)
            pixels = random.integers(0, 256, (20 + number % 3, 24, 3), dtype=np.uint8)
            path = place / f"patch {number:03}.png"
            Image.fromarray(pixels).save(path)
            digest = pixel_hash(decode(path)) if hashed else ""
            rows.append(ManifestRow(str(number), path, digest, label=number % 2))
        return rows

    return make


@pytest.fixture(scope="session")
def tiny_model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model folder of a small Swin with random weights, at 32 px."""
    pytest.importorskip("torch")
    import torch

    from training.config import Architecture, Calibration, ModelCard, Preprocessing, Threshold
    from training.models.model import build_model
    from training.models.model_folder import save_model

    torch.manual_seed(0)
    architecture = Architecture(
        "swin_tiny_patch4_window7_224",
        {
            **{"img_size": 32, "window_size": 4, "embed_dim": 16},
            **{"depths": [1, 1], "num_heads": [2, 2]},
        },
    )
    card = ModelCard(
        id="tiny",
        name="tiny",
        version=1,
        architecture=architecture,
        preprocessing=Preprocessing(size=32),
        calibration=Calibration(slope=2.0, intercept=-0.5, fitted_on="nothing"),
        threshold=Threshold(0.0, "test"),
        created="2026-01-01T00:00:00+00:00",
    )
    folder = tmp_path_factory.mktemp("models") / "tiny"
    save_model(folder, card, build_model(architecture).state_dict(), seen=["b" * 64, "a" * 64])
    return folder


@pytest.fixture
def active(tiny_model_folder: Path, tmp_path: Path) -> Path:
    """The model in use, which no failure may touch."""
    from training.models.model_folder import load_model, save_model

    loaded = load_model(tiny_model_folder)
    card = replace(loaded.card, recipe={"found": {"backbone_trained": False}})
    save_model(tmp_path / "active", card, loaded.module.state_dict(), ["c" * 64])
    return tmp_path / "active"


@pytest.fixture(scope="session")
def labelled_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder of 96 easy patches of 24 px: 12 slides, of which 4 are locked.

    Sclerotic ones are pale, others dark, with noise enough that the two are not told apart
    by any one pixel.
    """
    root = tmp_path_factory.mktemp("labelled")
    (root / "images").mkdir()
    lines = ["name,ground truth,slide,split"]
    for number in range(96):
        slide, label = number // 8, int(number % 8 < 3)
        random = np.random.default_rng(number)
        level = 90 + 70 * label + 6 * (slide % 3)
        pixels = np.clip(random.normal(level, 40, (24, 24, 3)), 0, 255).astype(np.uint8)
        Image.fromarray(pixels).save(root / "images" / f"p{number:02}.png")
        lines.append(f"p{number:02}.png,{label},slide {slide},{'test' if slide > 7 else 'train'}")
    (root / "labels.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return root


MakeTraining = Callable[..., Any]


@pytest.fixture
def make_training(tmp_path: Path) -> MakeTraining:
    """A Training on drawn squares of 32 px: 48 patches and 16 of validation, pale or dark.

    Nothing in its network drops or norms by batches; keyword arguments change its recipe, and
    `module`, `checkpoints`, `team` or `emit` the rest.
    """
    pytest.importorskip("torch")
    import torch

    from training.config import Architecture, Preprocessing
    from training.learning.engine import Training
    from training.models.model import build_model
    from training.patches.dataset import PatchSet
    from training.patches.pixel_cache import PixelCache
    from training.progress import never_stop, no_events
    from training.recipe import FullRecipe

    preprocessing = Preprocessing(size=32)
    random = np.random.default_rng(0)
    labels = (np.arange(64) % 3 == 0).astype(np.int8)
    levels = np.where(labels == 1, 170, 90)[:, None, None, None]
    squares = np.clip(random.normal(levels, 60, (64, 32, 32, 3)), 0, 255).astype(np.uint8)
    hashes = [f"{number:064x}" for number in range(64)]
    cache = PixelCache.open(tmp_path / "squares", preprocessing)
    (cache.folder / "squares.u8").write_bytes(squares.tobytes())
    (cache.folder / "hashes.txt").write_text("".join(f"{one}\n" for one in hashes))
    cache.refresh()

    def make(
        *,
        module: Any = None,
        checkpoints: Path | None = None,
        emit: Any = no_events,
        should_stop: Any = never_stop,
        should_finish: Any = never_stop,
        **fields: Any,
    ) -> Training:
        plain = {"drop_path": 0.0, "patience": 99, "epochs": 2, "batch": 8, "head_epochs": 0}
        recipe = FullRecipe(name="test", **{**plain, **fields})
        torch.manual_seed(0)
        return Training(
            module=module or build_model(Architecture("test_vit", {"img_size": 32})),
            head="softmax",
            preprocessing=preprocessing,
            recipe=recipe,
            train=PatchSet(cache, hashes[:48], labels[:48]),
            validation=PatchSet(cache, hashes[48:], labels[48:]),
            device=torch.device("cpu"),
            seed=1,
            checkpoints=checkpoints or tmp_path / "checkpoints",
            emit=emit,
            should_stop=should_stop,
            should_finish=should_finish,
        )

    return make
