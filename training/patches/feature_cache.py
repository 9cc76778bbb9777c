"""Embeddings computed once: an .npy of rows, with the patches' pixel hashes beside in order.

    FOLDER/KEY.npy    (N, D) float32
    FOLDER/KEY.txt    one pixel hash a line
Rows are only ever added at the end, pixels' rows before their hashes, so a kill between the two
writes leaves rows without a hash, which are not counted.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from torch import nn

from training import atomic
from training.config import Preprocessing, UserError
from training.models.model import backbone_hash

Features = npt.NDArray[np.float32]


def feature_key(module: nn.Module, preprocessing: Preprocessing, view: str = "") -> str:
    """What embeddings depend on: the weights below the head, the preprocessing, and a view.

    `view` tells embeddings of altered patches apart, such as "flip".
    """
    parts = [backbone_hash(module), json.dumps(preprocessing.to_json(), sort_keys=True), view]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


class FeatureCache:
    def __init__(self, folder: Path, key: str) -> None:
        self._array_path = folder / f"{key}.npy"
        self._index_path = folder / f"{key}.txt"
        folder.mkdir(parents=True, exist_ok=True)
        self._features, self._hashes = self._read()
        self._places = {digest: place for place, digest in enumerate(self._hashes)}

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, digest: object) -> bool:
        return digest in self._places

    def missing(self, hashes: Iterable[str]) -> list[str]:
        """Those that aren't cached, each once, in order."""
        return [digest for digest in dict.fromkeys(hashes) if digest not in self._places]

    def get(self, hashes: Sequence[str]) -> Features:
        """(len(hashes), D) fp32; KeyError where one isn't cached."""
        if self._features is None:
            raise KeyError(hashes[0] if hashes else "")
        return np.asarray(self._features[[self._places[digest] for digest in hashes]])

    def add(self, hashes: Sequence[str], features: Features) -> None:
        """Add rows and save. Hashes that are cached already are passed over."""
        if len(hashes) != len(features):
            raise ValueError(f"{len(hashes)} hashes for {len(features)} rows")
        fresh = {digest: row for row, digest in enumerate(hashes) if digest not in self._places}
        if not fresh:
            return
        rows = np.asarray(features, dtype=np.float32)[list(fresh.values())]
        whole = rows if self._features is None else np.concatenate([self._features, rows])
        # Windows can't replace a file that is mapped.
        self._features = whole
        buffer = io.BytesIO()
        np.save(buffer, whole, allow_pickle=False)
        atomic.write_bytes(self._array_path, buffer.getvalue())
        self._hashes = [*self._hashes, *fresh]
        atomic.write_text(self._index_path, "".join(f"{digest}\n" for digest in self._hashes))
        self._places = {digest: place for place, digest in enumerate(self._hashes)}

    def _read(self) -> tuple[Features | None, list[str]]:
        if not self._array_path.exists() or not self._index_path.exists():
            return None, []
        try:
            features = np.load(self._array_path, allow_pickle=False)
            hashes = self._index_path.read_text(encoding="ascii").split()
        except (OSError, ValueError, EOFError) as error:
            raise UserError(
                f"{self._array_path} is damaged ({error}): delete it, it is only a cache."
            ) from error
        if features.ndim != 2:
            raise UserError(f"{self._array_path} is damaged: delete it, it is only a cache.")
        count = min(len(features), len(hashes))
        return features[:count].astype(np.float32, copy=False), hashes[:count]
