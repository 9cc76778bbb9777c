"""Which answers still have somebody to be given to."""

from functools import partial

import pytest
import shiboken6
from PySide6.QtCore import QObject

from glomviewer.jobs.gui_calls import GuiCalls, receiver_alive


class Receiver(QObject):
    def take(self, *what):
        self.setObjectName("has taken it")

    def partial(self):
        return partial(self.take, 1)

    def partial_of_partial(self):
        return partial(partial(self.take, 1), 2)

    def lambda_(self):
        return lambda value: self.take(value)

    def nested(self):
        def then(value):
            self.take(value)

        return then


MADE = {
    "a method": lambda receiver: receiver.take,
    "a partial": Receiver.partial,
    "a partial of a partial": Receiver.partial_of_partial,
    "a lambda": Receiver.lambda_,
    "a function within a method": Receiver.nested,
}


@pytest.mark.parametrize("kind", MADE)
def test_an_answer_lives_as_long_as_the_object_that_takes_it(qapp, kind):
    receiver = Receiver()
    answer = MADE[kind](receiver)
    assert receiver_alive(answer)
    shiboken6.delete(receiver)
    assert not receiver_alive(answer)


@pytest.mark.parametrize("answer", [print, [].append, partial(print, 1), lambda value: value])
def test_what_no_qt_object_takes_always_lives(answer):
    assert receiver_alive(answer)


@pytest.mark.parametrize("kind", MADE)
def test_what_was_posted_is_dropped_when_its_object_has_gone(qtbot, kind):
    calls, receiver, called = GuiCalls(), Receiver(), []
    calls.post(partial(MADE[kind](receiver), 3))
    calls.post(lambda: called.append(True))
    shiboken6.delete(receiver)
    qtbot.waitUntil(lambda: bool(called))
