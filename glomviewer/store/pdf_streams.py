"""What the streams of a PDF hold, read without a library for PDFs.

A file that is attached to a PDF is one of its streams, as it is or deflated. A report has the heads
of the chains attached, since the words on its pages lie in no order that could be relied on.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

MAGIC = b"%PDF-"
_BEGINNING = re.compile(rb"stream\r?\n")
_END = b"endstream"
_DICTIONARY = 1000
"""As far before a stream it is told how it is written."""
_LONGEST = 2**24


def streams(data: bytes) -> Iterator[bytes]:
    """Each stream; nothing for one that is damaged, enciphered or written in another way."""
    for found in _BEGINNING.finditer(data):
        if data.endswith(b"end", 0, found.start()):
            continue
        start = found.end()
        told = data[max(0, found.start() - _DICTIONARY) : found.start()].rpartition(b" obj")[2]
        if b"/Filter" not in told:
            yield data[start : min(data.find(_END, start), start + _LONGEST)]
            continue
        try:
            yield zlib.decompressobj().decompress(data[start:], _LONGEST)
        except zlib.error:
            continue
