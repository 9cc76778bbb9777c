"""Standard output for events alone, whatever else prints."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from typing import TextIO


@contextlib.contextmanager
def events_only() -> Iterator[TextIO]:
    """Keep the real standard output for events; whatever else prints goes to standard error.

    The descriptor itself is moved, so that C libraries and child processes can't break the
    stream either.
    """
    sys.stdout.flush()
    stream = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
    os.dup2(2, 1)
    old = sys.stdout
    sys.stdout = sys.stderr
    try:
        with stream:
            yield stream
    finally:
        sys.stdout = old
