"""The class told by the place: how strongly, and what is said of it."""

from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from training.leakage.confounding import association, confounded
from training.patches.manifest import ManifestRow


def rows_of(shares: dict[str, tuple[int, int]], *, centre: str = "") -> list[ManifestRow]:
    """By slide: how many patches are sclerotic, of how many."""
    return [
        ManifestRow(
            f"{slide}-{n}",
            Path(f"{slide}-{n}.png"),
            group=slide,
            label=int(n < positive),
            centre=centre,
        )
        for slide, (positive, count) in shares.items()
        for n in range(count)
    ]


def test_all_sclerotic_patches_of_two_slides_are_told_in_plain_words() -> None:
    shares = {f"s{n}": (20 if n < 2 else 0, 20) for n in range(20)}
    (finding,) = confounded(rows_of(shares))
    assert finding.kind == "confounded_slide"
    assert finding.severity == "warn"
    assert finding.sentence.startswith("All 40 sclerotic patches come from 2 of 20 slides")
    assert set(finding.groups) == {"s0", "s1"}
    assert len(finding.patches) == 40


def test_slides_that_differ_as_patients_do_are_left_in_peace() -> None:
    random = np.random.default_rng(0)
    shares = {f"s{n}": (int(20 * random.beta(1, 2.7)), 20) for n in range(40)}
    assert confounded(rows_of(shares)) == []


def test_few_patches_a_slide_are_no_evidence() -> None:
    shares = {f"s{n}": (n % 2, 1) for n in range(60)}
    assert confounded(rows_of(shares)) == []


def test_two_centres_that_differ_are_told_by_their_shares() -> None:
    rows = [
        *rows_of({f"a{n}": (9, 20) for n in range(10)}, centre="A"),
        *rows_of({f"b{n}": (1, 20) for n in range(10)}, centre="B"),
    ]
    (finding,) = [one for one in confounded(rows) if one.kind == "confounded_centre"]
    assert "5% of the patches of centre B are sclerotic and 45% of those of A" in finding.sentence


def test_one_class_or_one_slide_says_nothing() -> None:
    assert confounded(rows_of({"a": (5, 5), "b": (5, 5)})) == []
    assert confounded(rows_of({"a": (5, 10)})) == []


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 4)), min_size=4, max_size=60))
def test_the_share_lies_between_nothing_and_all(patches: list[tuple[int, int]]) -> None:
    labels = np.array([label for label, _ in patches])
    if 0 < labels.sum() < len(labels):
        found = association(labels, [str(group) for _, group in patches], draws=50)
        assert 0 <= found.share <= 1 + 1e-9
        assert 0 < found.p <= 1


def test_a_place_that_tells_everything_has_the_share_one() -> None:
    labels = np.repeat([0, 1], 50)
    assert association(labels, ["a"] * 50 + ["b"] * 50).share > 0.999
