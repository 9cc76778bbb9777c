"""A library in which nobody has decided yet, and who reads there."""

import pytest
from builders import add_model, make_library, plans


@pytest.fixture
def small(tmp_path):
    """24 patches in 6 cases, three readers, a model that calls every odd patch sclerotic."""
    readers = (("Ann Other", "AO"), ("Bob Else", "BE"), ("Cara More", "CM"))
    made = make_library(tmp_path, plans(labelled=False), readers=readers, image_files=False)
    add_model(made, {patch: 2.0 if patch % 2 else -2.0 for patch in made.ids})
    with made.library:
        yield made


@pytest.fixture
def library(small):
    return small.library


@pytest.fixture
def ann(small):
    return small.readers[0]


@pytest.fixture
def bob(small):
    return small.readers[1]
