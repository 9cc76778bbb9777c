"""Names of files that every system takes and that tell no patient."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glomviewer.store.packs.manifest import PackKind, name_objection
from glomviewer.store.packs.naming import member_name, pack_file_name


def test_a_name_says_what_and_for_whom():
    name = pack_file_name(PackKind.READING, "Sclerosis study, round 2", "AO")
    assert name == "Sclerosis-study-round-2-AO.glompack"


def test_a_title_that_names_a_patient_is_left_out():
    assert pack_file_name(PackKind.RETURN, "S23-12345", "AO") == "AO.glomreturn"
    assert pack_file_name(PackKind.MODEL, "born 1957-03-12") == "model.glommodel"


@pytest.mark.parametrize("title", ["con", "NUL", "com1"])
def test_a_device_is_no_name(title):
    assert pack_file_name(PackKind.READING, title) == f"{title}-reading.glompack"


@given(st.sampled_from(PackKind), st.text(max_size=200), st.text(max_size=80))
def test_any_title_makes_a_name(kind, title, initials):
    name = pack_file_name(kind, title, initials)
    assert name.endswith(kind.suffix)
    assert not set(name) & set('\\/:*?"<>|\n\0')
    assert 0 < len(name.removesuffix(kind.suffix)) <= 125
    assert not name.startswith((".", "-", " "))


@given(st.integers(0, 10_000_000))
def test_members_have_sound_names_in_order(number):
    assert name_objection(member_name("patches", number, ".png")) == ""
