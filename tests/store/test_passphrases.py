"""A passphrase is kept as a text that says nothing of it and opens for it alone."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glomviewer.store.passphrases import (
    KdfCost,
    check_passphrase,
    hash_passphrase,
    passphrase_objection,
)

CHEAP = KdfCost(memory_kib=8, iterations=1, lanes=1)
passphrases = st.text(min_size=8, max_size=40).filter(lambda text: not text.isspace())


@given(passphrases, passphrases)
def test_the_passphrase_and_no_other_fits(passphrase, other):
    phc = hash_passphrase(passphrase, CHEAP)
    assert check_passphrase(passphrase, phc)
    assert not check_passphrase(passphrase + "x", phc)
    assert passphrase not in phc
    if other != passphrase:
        assert phc != hash_passphrase(other, CHEAP)


def test_the_default_cost_stands_in_the_text():
    phc = hash_passphrase("a wet Tuesday")
    assert re.match(r"\$argon2id\$v=19\$m=65536,t=3,p=4\$", phc)
    assert check_passphrase("a wet Tuesday", phc)


def test_the_same_passphrase_is_never_the_same_text():
    assert hash_passphrase("a wet Tuesday", CHEAP) != hash_passphrase("a wet Tuesday", CHEAP)


def test_keyboards_that_compose_accents_differently_agree():
    phc = hash_passphrase("Müllerstraße", CHEAP)
    assert check_passphrase("Mu\u0308llerstraße", phc)


@given(st.text(max_size=60))
def test_any_text_that_is_no_hash_fits_nothing(text):
    assert not check_passphrase("a wet Tuesday", text)


@pytest.mark.parametrize("cost", ["m=9999999,t=3,p=4", "m=65536,t=999,p=4", "m=8,t=1,p=4"])
def test_a_forged_hash_cannot_ask_for_much(cost):
    phc = re.sub(r"m=\d+,t=\d+,p=\d+", cost, hash_passphrase("a wet Tuesday", CHEAP))
    started = time.process_time()
    assert not check_passphrase("a wet Tuesday", phc)
    assert time.process_time() - started < 0.5


@pytest.mark.parametrize(
    "passphrase, objection",
    [
        ("", "at least 8 characters"),
        ("sevenly", "at least 8 characters"),
        (" " * 8, "only spaces"),
        ("x" * 1001, "more than 1000"),
        ("a wet Tuesday", ""),
    ],
)
def test_what_a_passphrase_needs(passphrase, objection):
    assert objection in passphrase_objection(passphrase)
    assert bool(objection) == bool(passphrase_objection(passphrase))
    if objection:
        with pytest.raises(ValueError, match=objection):
            hash_passphrase(passphrase, CHEAP)
