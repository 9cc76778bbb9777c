"""Files and folders that appear whole or not at all, on Linux and on Windows."""

from __future__ import annotations

import os
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_REPLACE_TRIES = 20


def replace(source: Path, target: Path) -> None:
    """os.replace, tried again where Windows says that a scanner or reader holds the target."""
    for attempt in range(_REPLACE_TRIES):
        try:
            source.replace(target)
        except PermissionError:
            if attempt == _REPLACE_TRIES - 1:
                raise
            time.sleep(0.02 * (attempt + 1))
        else:
            return


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(f".{path.name}.{uuid.uuid4().hex}.{suffix}")


def write_bytes(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = _beside(path, "part")
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def write_text(path: Path, text: str) -> None:
    """UTF-8 with bare line feeds on every system."""
    write_bytes(path, text.encode("utf-8"))


def sync_folder(path: Path) -> None:
    """Make a rename in `path` durable; Windows has no such call and needs none."""
    if os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        with suppress(OSError):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """Yield a folder beside `target` to fill; it takes the target's place when the block ends."""
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = _beside(target, "part")
    temporary.mkdir()
    try:
        yield temporary
        mode = temporary.stat().st_mode & 0o666
        for file in temporary.iterdir():
            if file.is_file():
                # safetensors writes private files; a model is as readable as its folder.
                file.chmod(mode)
                _sync_file(file)
        _swap(temporary, target)
        sync_folder(target.parent)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise


def _sync_file(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _swap(temporary: Path, target: Path) -> None:
    if not target.exists():
        replace(temporary, target)
        return
    # A folder can't be replaced in one step; the old one is kept until the new one stands.
    old = _beside(target, "old")
    replace(target, old)
    try:
        replace(temporary, target)
    except BaseException:
        replace(old, target)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)
