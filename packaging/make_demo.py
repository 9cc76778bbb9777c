"""Draw the demo's patches again and train its small Swin on drawn patches of other cases.

Run by `make demo-resources`; about ten minutes on two cores. The model starts from random
weights and knows drawn patches only.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / "resources" / "demo"

# Three stages over 28 x 28 tokens keep every window whole; 1.1 million weights.
ARCHITECTURE = (
    'architecture_kwargs={"img_size":112,"embed_dim":40,"depths":[2,2,4],"num_heads":[2,4,8]}'
)
RECIPE = (
    'architecture="swin_tiny_patch4_window7_224"',
    ARCHITECTURE,
    "size=112",
    "epochs=18",
    "head_epochs=0",
    "learning_rate=0.0007",
    "layer_decay=1.0",
    "warmup_share=0.1",
    "ema_decay=0.99",
    "patience=8",
)


def draw(folder: Path, *options: str) -> None:
    run("glomviewer.drawn", "--out", str(folder), *options)


def train(data: Path, run_folder: Path) -> Path:
    """Train on the drawn patches in `data`; returns the model's folder."""
    changes = [word for field in RECIPE for word in ("--set", field)]
    run(
        *("training", "finetune", "--data", str(data), "--out", str(run_folder)),
        *("--recipe", "swin", "--base", "random", "--name", "demo-swin", "--device", "cpu"),
        *changes,
    )
    return run_folder / "candidate"


def call() -> None:
    """Write what the model says of the demo's patches, which the demo library comes with."""
    run(
        *("training", "predict", "--device", "cpu", "--input-dir", str(DEMO / "patches")),
        *("--model-path", str(DEMO / "model"), "--output-file", str(DEMO / "calls.csv")),
    )


def run(module: str, *arguments: str) -> None:
    subprocess.run([sys.executable, "-m", module, *arguments], cwd=ROOT, check=True)


def main() -> int:
    if "--model-only" not in sys.argv:
        draw(DEMO)
    with tempfile.TemporaryDirectory(prefix="glomviewer-demo-") as folder:
        data = Path(folder) / "data"
        draw(data, "--count", "900", "--seed", "7", "--size", "224", "--wrong", "0")
        candidate = train(data, Path(folder) / "run")
        shutil.rmtree(DEMO / "model", ignore_errors=True)
        shutil.copytree(candidate, DEMO / "model")
    call()
    return 0


if __name__ == "__main__":
    sys.exit(main())
