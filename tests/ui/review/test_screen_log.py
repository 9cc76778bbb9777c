from glomviewer.ui.review.screen_log import ScreenLog


def test_only_what_was_painted_was_on_screen():
    log = ScreenLog()
    log.saw([1, 2])
    assert log.on_screen([2, 3]) == {2}


def test_calls_of_another_model_were_not_seen():
    log = ScreenLog()
    log.saw_calls("a", [1])
    assert log.call_shown(1, "a")
    log.saw_calls("b", [2])
    assert not log.call_shown(1, "b")
    assert not log.call_shown(1, "a")
    assert log.call_shown(2, "b")


def test_calls_told_elsewhere_count_for_every_model():
    log = ScreenLog()
    log.was_told([5])
    log.saw_calls("b", [2])
    assert log.call_shown(5, "b")
