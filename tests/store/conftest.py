"""Libraries and patches for tests of the store."""

import pytest

from glomviewer.store.adding import NewPatch
from glomviewer.store.library import Library


def make_patch(number, **changes):
    """Patch `number` (from 0): cases of ten, slides of five, labelled 0 and 1 in turn."""
    facts = {
        "path": f"images/p{number}.png",
        "name": f"p{number}.png",
        "sha256": f"{number:064x}",
        "pixel_hash": f"{number + 10_000_000:064x}",
        "width": 700 + number % 50,
        "height": 711,
        "slide": f"slide {number // 5}",
        "case": f"case {number // 10}",
        "imported_label": number % 2,
    }
    return NewPatch(**(facts | changes))


@pytest.fixture
def new_patch():
    return make_patch


@pytest.fixture
def empty(tmp_path):
    """An empty library, open for writing."""
    with Library.create(tmp_path / "test.glomlib") as library:
        yield library


@pytest.fixture
def library(empty, tmp_path):
    """A library of 40 patches in 4 cases, labelled 0 and 1 in turn, with ids 1 to 40."""
    empty.add_patches((make_patch(i) for i in range(40)), root=tmp_path / "slides")
    return empty


@pytest.fixture
def ann(library):
    return library.add_reader("Ann Other", "AO").id


@pytest.fixture
def bob(library):
    return library.add_reader("Bob Else", "BE").id
