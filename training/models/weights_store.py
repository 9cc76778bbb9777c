"""Base weights that a person has brought: one folder a user, one file a name, told by its hash.

    FOLDER/NAME.safetensors   tensors under timm's names; architecture and preprocessing inside
    FOLDER/NAME.json          the SHA-256 of that file, and where it came from

The folder is GLOMVIEWER_WEIGHTS, else `weights` in the user's data folder of the program.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import save_file

from training import atomic, json_fields
from training.config import UserError
from training.events import utc_now
from training.models.model_folder import file_hash

FOLDER_VARIABLE = "GLOMVIEWER_WEIGHTS"
_HOME_VARIABLE = "GLOMVIEWER_HOME"
# Windows refuses some names, and a dot at the end.
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}(?<!\.)")


@dataclass(frozen=True, slots=True)
class Kept:
    """Weights in the folder. `source` says what they were made from, `origin` its SHA-256."""

    name: str
    architecture: str
    sha256: str
    source: str = ""
    origin: str = ""
    added: str = ""


def weights_folder() -> Path:
    """Where added weights lie; it need not exist."""
    if named := os.environ.get(FOLDER_VARIABLE):
        return Path(named)
    if home := os.environ.get(_HOME_VARIABLE):
        return Path(home) / "weights"
    import platformdirs

    return platformdirs.user_data_path("glomviewer", appauthor=False) / "weights"


def weights_path(name: str) -> Path:
    return weights_folder() / f"{name}.safetensors"


def kept_weights() -> list[Kept]:
    """All that the folder holds, in the order of their names. UserError where a record is torn."""
    records = sorted(weights_folder().glob("*.json"))
    return [json_fields.from_fields(Kept, json_fields.read_file(p), str(p)) for p in records]


def find_kept(
    *, name: str = "", architecture: str = "", sha256: str = ""
) -> tuple[Kept, Path] | None:
    """The weights of that name, or of that architecture (those added last), or of that hash."""
    fitting = [
        kept
        for kept in kept_weights()
        if (name and kept.name == name)
        or (architecture and plain(kept.architecture) == plain(architecture))
        or (sha256 and kept.sha256 == sha256)
    ]
    if not fitting:
        return None
    newest = max(fitting, key=lambda kept: kept.added)
    return newest, weights_path(newest.name)


def plain(architecture: str) -> str:
    """timm's name without the tag of its weights: `vit_base_patch16_224.augreg_in21k`."""
    return architecture.partition(".")[0]


def keep_weights(
    name: str,
    architecture: str,
    state: Mapping[str, torch.Tensor],
    *,
    preprocessing: str,
    source: str,
    origin: str = "",
) -> Kept:
    """Write them, so that they are there whole or not at all. UserError where the name is taken."""
    if not _NAME.fullmatch(name):
        raise UserError(f"{name!r} can't be a file's name: use letters, digits, dots, - and _.")
    path = weights_path(name)
    record = path.with_name(f"{name}.json")
    if path.exists() or record.exists():
        raise UserError(f"{path} is there already: choose another --name, or delete it.")
    write_weights(path, state, {"architecture": architecture, "preprocessing": preprocessing})
    kept = Kept(name, architecture, file_hash(path), source, origin, utc_now())
    atomic.write_text(record, json_fields.dump(json_fields.to_fields(kept)))
    return kept


def write_weights(path: Path, state: Mapping[str, torch.Tensor], notes: Mapping[str, str]) -> None:
    """A .safetensors file that describes itself, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.part")
    try:
        tensors = {key: value.detach().cpu().contiguous().clone() for key, value in state.items()}
        save_file(tensors, temporary, dict(notes))
        atomic.replace(temporary, path)
    except OSError as error:
        raise UserError(f"{path} could not be written ({error}): is there space left?") from error
    finally:
        temporary.unlink(missing_ok=True)


def damage(kept: Kept) -> str:
    """What is wrong with the file, in one sentence; "" where it is as it was written."""
    path = weights_path(kept.name)
    try:
        found = file_hash(path)
    except FileNotFoundError:
        return f"{path} is gone: add it again, or delete its .json."
    except OSError as error:
        return f"{path} could not be read ({error})."
    if found != kept.sha256:
        return (
            f"{path} is truncated or was altered since it was added (its SHA-256 starts with "
            f"{found[:8]}, not {kept.sha256[:8]}): delete it and add it again."
        )
    return ""
