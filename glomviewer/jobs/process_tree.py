"""Knows a process again by number and time of start, and ends it with everything it started."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import psutil

SAME_START = 1.5
"""Seconds by which two clocks may tell the start of one process apart."""


@dataclass(frozen=True, slots=True)
class ProcessIdentity:
    """`created` is the time of start in seconds since 1970: a number alone is used again."""

    pid: int
    created: float

    @classmethod
    def of(cls, pid: int) -> ProcessIdentity | None:
        """The identity of a running process, None where there is none."""
        try:
            return cls(pid, psutil.Process(pid).create_time())
        except psutil.Error:
            return None


def find(identity: ProcessIdentity) -> psutil.Process | None:
    """The process where it still runs and is no other one with its number."""
    try:
        process = psutil.Process(identity.pid)
        same = abs(process.create_time() - identity.created) < SAME_START
        return process if same and process.status() != psutil.STATUS_ZOMBIE else None
    except psutil.Error:
        return None


def is_running(identity: ProcessIdentity) -> bool:
    return find(identity) is not None


def end_tree(identity: ProcessIdentity, *, grace: float) -> None:
    """End the process and all below it: politely first, after `grace` seconds for certain."""
    process = find(identity)
    if process is None:
        return
    tree = _tree(process)
    for each in tree:
        with suppress(psutil.Error):
            each.terminate()
    _, left = psutil.wait_procs(tree, timeout=grace)
    # What was started meanwhile must go too.
    left = [*left, *(each for each in _tree(process) if each not in left)]
    for each in left:
        with suppress(psutil.Error):
            each.kill()
    psutil.wait_procs(left, timeout=grace)


def _tree(process: psutil.Process) -> Sequence[psutil.Process]:
    try:
        return [*process.children(recursive=True), process]
    except psutil.Error:
        return [process]
