"""How a figure is said: never a value alone that must not stand alone."""

import pytest

from glomviewer.domain.agreement.statistic import Caution, Statistic
from glomviewer.jobs.agreement_words import figure_text
from glomviewer.jobs.reporting.footnotes import Footnotes
from glomviewer.jobs.reporting.words import figure, stacked

FEW, FIXED = Caution.FEW, Caution.FIXED


@pytest.mark.parametrize(
    ("caution", "low", "high", "said"),
    [
        (Caution.NONE, None, None, "0.571"),
        (Caution.NONE, 0.2, 0.9, "0.571 (0.200 to 0.900)"),
        (FEW, None, None, "too few (0.571)"),
        (FEW, 0.2, 0.9, "0.571 (0.200 to 0.900), few"),
        (FIXED, None, None, "0.571 by construction"),
    ],
)
def test_window_shell_and_report_say_the_same(caution, low, high, said):
    one = Statistic(0.571, "", 6, low, high, caution=caution)
    assert figure_text(one) == figure(one, Footnotes()) == said


def test_what_is_to_be_known_stands_below_with_a_number():
    notes = Footnotes()
    few = Statistic(0.5, "", 6, 0.1, 0.9, "fewer than 10", caution=FEW)
    none = Statistic(None, "nobody called a patch so", 0)
    assert stacked(few, 6, notes) == "0.500, few\N{NO-BREAK SPACE}¹\n0.100 to 0.900"
    assert figure(none, notes) == "not defined\N{NO-BREAK SPACE}²"
    assert stacked(few, 9, notes).endswith("¹\n0.100 to 0.900\non 6")
    assert notes.text.replace("\N{NO-BREAK SPACE}", " ").split("\n") == [
        "¹ fewer than 10",
        "² nobody called a patch so",
    ]
