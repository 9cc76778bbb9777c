from hypothesis import given
from hypothesis import strategies as st

from glomviewer.ui.fuzzy import best_matches, fuzzy_score


def test_beginnings_of_words_win():
    texts = ["Open one at a time", "Read the queue anew", "Accept the model's call"]
    assert best_matches("amc", texts)[0] == 2
    assert best_matches("rq", texts)[0] == 1


def test_nothing_typed_keeps_the_order():
    assert best_matches("", ["b", "a"]) == [0, 1]


def test_letters_that_are_not_there_do_not_fit():
    assert fuzzy_score("xyz", "Undo") is None


@given(st.text(min_size=1, max_size=20))
def test_every_text_fits_itself(text):
    if text.casefold().replace(" ", ""):
        assert fuzzy_score(text, text) is not None
