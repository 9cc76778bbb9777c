"""The one scale at which all thumbnails of a list can stand: a shrunken tuft is a sign."""

from __future__ import annotations

import numpy as np

from glomviewer.domain.patch_table import IntArray, PatchTable

SHARE_THAT_FITS = 98.0
"""Percent of the patches that fit whole; the few larger ones are cropped, so that one giant
does not make all others too small to read."""


def largest_unit(table: PatchTable, ids: IntArray) -> float:
    """The longest side that has to fit a cell: microns where known, else pixels; at least 1."""
    rows = table.rows_of(ids)
    if not len(rows):
        return 1.0
    longest = np.maximum(table["width"][rows], table["height"][rows]).astype(np.float64)
    microns = table["microns_per_pixel"][rows].astype(np.float64)
    known = np.isfinite(microns) & (microns > 0)
    return max(
        1.0, float(np.percentile(np.where(known, longest * microns, longest), SHARE_THAT_FITS))
    )
