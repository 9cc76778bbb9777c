from glomviewer.bench.report import OthersShare, Row, Verdict, at_least, at_most, machine, markdown
from glomviewer.bench.timing import Spread, median_seconds, short


def test_a_missed_target_is_said():
    facts = machine() | {"others_percent": 3.0}
    text = markdown([Row("a", "1 s", "2 s", "how", at_most(2.0, 1.0))], facts)
    assert "| a | 1 s | 2 s (missed) | how |" in text
    assert at_least(2.0, 1.0) is Verdict.MET


def test_a_bar_in_a_cell_does_not_split_it():
    assert "a \\| b" in markdown([Row("a | b", "", "", "")], machine() | {"others_percent": 0.0})


def test_p99_is_one_of_the_measurements():
    spread = Spread.of([0.001 * step for step in range(1, 101)])
    assert spread.p99 == 0.1
    assert Spread.of([1.0, 2.0, 9.0]).p99 == 9.0


def test_times_are_short():
    assert [short(seconds) for seconds in (0.0015, 0.0123, 0.25, 1.234)] == [
        "1.5 ms",
        "12 ms",
        "250 ms",
        "1.23 s",
    ]


def test_the_first_call_only_warms_up():
    calls = []
    median_seconds(lambda: calls.append(1), 3)
    assert len(calls) == 4


def test_what_others_use_is_a_share_of_all_cores():
    share = OthersShare()
    sum(range(100_000))
    assert 0.0 <= share.percent() <= 100.0
