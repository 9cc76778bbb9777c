import pytest

from glomviewer.ui.task_strip import progress_text, time_left


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, ""),
        (0.2, "1 s left"),
        (42, "42 s left"),
        (70, "1 min 10 s left"),
        (120, "2 min left"),
        (1800, "about 30 min left"),
        (9000, "about 2.5 h left"),
    ],
)
def test_time_left_is_no_more_exact_than_anyone_can_know(seconds, text):
    assert time_left(seconds) == text


def test_progress_says_what_is_known():
    assert progress_text(1200, 5758, "reading", 40) == "reading 1,200 of 5,758, 40 s left"
    assert progress_text(0, 0, "", None) == ""
    assert progress_text(0, 0, "starting", None) == "starting"
