"""Every figure of the study's report, against the table and by arithmetic done here by hand."""

from collections.abc import Mapping, Sequence
from math import sqrt

from agreement_checks import between, over_time, with_oneself, with_reference
from report_arithmetic import (
    ANN,
    BOB,
    CORA,
    FRESH_JUDGING,
    MONA,
    F,
    Read,
    Report,
    beyond_chance,
    shown,
)
from report_intervals import check, check_share, cohen
from report_read import figure
from study_table import (
    ADJUDICATED,
    BY_PATCH,
    CASES,
    DISPUTED,
    NAMES,
    PATCHES,
    READING,
    REASONS,
    REPEATS,
    ROWS,
)


def in_short(report: Report) -> None:
    decided, counted, *_ = report["In short"].sentences
    assert decided == (
        f"2 readers decided {2 * (PATCHES + REPEATS)} of {2 * (PATCHES + REPEATS)} items: "
        f"{PATCHES} patches of {CASES} cases, and {2 * REPEATS} repeats."
    )
    assert counted.startswith("Cohen's kappa, AO and BE: 0.429 (")
    sentences = " ".join(report["In short"].sentences)
    assert (
        "7 disputes: 0 open, 0 sent back for another reading, 0 on the consensus list and 7 "
        "settled."
    ) in sentences
    assert "1 case of 4 changes category at 20 %." in sentences
    assert (
        f"{ANN} (read), {BOB} (read), {CORA} (adjudicated) and {MONA} (approved); 0 later changes."
    ) in sentences


def protocol(report: Report) -> None:
    chapter = report["Protocol and patches"]
    assert chapter.facts["Patches"] == "24" and chapter.facts["Cases"] == "4"
    assert chapter.facts["Slides"] == "4" and chapter.facts["Hidden repeats"] == "12"
    assert chapter.facts["Model"] == "swin, version 1, threshold 0.5 (logit 0.000)"
    sentences = " ".join(chapter.sentences)
    assert "independent" in sentences and "each in an order of his own" in sentences
    assert "shown after the reader's own" in sentences


def readers(report: Report) -> None:
    tables = report["Readers"].tables
    work, counts = tables["What they read"], tables["First calls by label"]
    assert [work.row(who)["Items"] for who in (ANN, BOB)] == ["30", "30"]
    assert [work.row(who)["Decided"] for who in (ANN, BOB)] == ["30", "30"]
    assert [work.row(who)["Flags"] for who in (ANN, BOB)] == ["1", "0"]
    assert [work.row(who)["Comments"] for who in (ANN, BOB)] == ["1", "0"]
    assert counts.rows == [[ANN, "10", "14", "0", "0", "24"], [BOB, "10", "13", "1", "0", "24"]]
    for row in tables["When they read"].rows:
        first, last, finished = row[1:4]
        assert first <= last <= finished


def disputes(report: Report) -> None:
    chapter = report["Disputes"]
    assert chapter.facts == {
        "Disputes": "7",
        "Open": "0",
        "Sent back for another reading": "0",
        "On the consensus list": "0",
        "Settled": "7",
        "Settled: adjudicated": "6",
        "Settled: the readers agree since": "1",
    }
    (table,) = chapter.tables.values()
    assert table.column("Patch") == [f"Patch {n}\n{BY_PATCH[n].case}" for n in DISPUTED]
    for patch in DISPUTED:
        row, one = table.row(f"Patch {patch}\n{BY_PATCH[patch].case}"), BY_PATCH[patch]
        ann, bob, model = row["Calls"].split("\n")
        assert ann == f"AO: {NAMES[one.ann]}, kept"
        changed = f", then {NAMES[one.last]}" if one.last != one.bob else ", kept"
        assert bob == f"BE: {NAMES[one.bob]}{changed}"
        assert model == f"Model: {NAMES[one.model]}"
        assert row["Counts now as"] == NAMES[one.truth]
        if patch in ADJUDICATED:
            assert row["Stands"] == "settled: adjudicated"
            assert row["By, and when"].startswith(f"{CORA}\n20")
            assert row["Reason"] == REASONS[patch]
        else:
            assert row["Stands"] == "settled: the readers agree since"
            assert (row["By, and when"], row["Reason"]) == ("–", "–")


def reveals(report: Report) -> None:
    tables = report["Changes after the model's call was shown"].tables
    # The model has no call of 2 of the 24.
    assert tables["What became of first calls"].rows == [
        [ANN, "22", "22", "0", "0"],
        [BOB, "22", "21", "1", "0"],
    ]
    # Of the 16: Ann is right on all, and the model wrong on 4 and 13. Bob is wrong on 2, 8, 14, 21
    # and 24, where the model is right, and right on the other 11. On 17, which he changed after
    # the reveal, nothing else says what is right: it neither repairs nor overturns.
    assert len(FRESH_JUDGING) == 16
    judged = tables["Right calls overturned and wrong ones repaired"]
    ann, bob = ([cell.split("\n")[0] for cell in row[1:]] for row in judged.rows)
    assert ann == ["0 of 16", "0 of 2", "0 of 0", "0 of 0"]
    assert bob == ["0 of 11", "0 of 2", "0 of 5", "0 of 5"]
    # 0 of all in every draw is no certainty, so that no interval stands beside it.
    assert not [cell for row in judged.rows for cell in row if " to " in cell]


def model(report: Report) -> None:
    chapter = report["Model on the reference labels"]
    assert chapter.facts["Model"] == "swin" and chapter.facts["Version"] == "1"
    assert chapter.facts["Patches judged"] == "16"
    assert chapter.facts["Left out: trained on"] == "4"
    assert chapter.facts["Left out: no reference label"] == "2"
    assert chapter.facts["Left out: no prediction"] == "2"
    figures, matrix = chapter.tables.values()
    # 8 are S, of which 13 is missed; 8 are N, of which 4 is called S.
    chance = F(8 * 8 + 8 * 8, 16 * 16)
    pairs = [(row.case, (row.truth, row.model)) for row in FRESH_JUDGING]
    for name, value, of, counts in (
        ("Accuracy", F(14, 16), 16, lambda t, m: (t == m, True)),
        ("Sensitivity", F(7, 8), 8, lambda t, m: (t == m == "S", t == "S")),
        ("Specificity", F(7, 8), 8, lambda t, m: (t == m == "N", t == "N")),
        ("Positive predictive value", F(7, 8), 8, lambda t, m: (t == m == "S", m == "S")),
        ("Negative predictive value", F(7, 8), 8, lambda t, m: (t == m == "N", m == "N")),
        ("F1", F(14, 16), 9, lambda t, m: (2 * (t == m == "S"), (t == "S") + (m == "S"))),
        ("Cohen's kappa", beyond_chance(F(14, 16), chance), 16, None),
    ):
        row = figures.row(name)
        cell = row["Value (95 % interval)"]
        assert figure(cell) == float(shown(value)), name
        assert row["Patches"] == str(of)
        if counts is None:
            check(cell, pairs, cohen)
        else:
            adds = [(case, counts(*pair)) for case, pair in pairs]
            check_share(cell, [(case, (int(above), int(below))) for case, (above, below) in adds])
    assert matrix.rows == [[NAMES["S"], "7", "1", "8"], [NAMES["N"], "1", "7", "8"]]


def cases(report: Report) -> None:
    """Before, patches on which both agree at first; after, all of them by their reference."""
    chapter = report["Percentage globally sclerotic, before and after settling"]
    (table,) = chapter.tables.values()
    up, down = "20 % or more", "below 20 %"
    expected = {
        "case 1": ((1, 5), (2, 6), up),
        "case 2": ((1, 4), (1, 6), f"changes: {up} to {down}"),
        "case 3": ((3, 4), (4, 6), up),
        "case 4": ((2, 4), (3, 6), up),
    }
    assert table.column("Case") == list(expected)
    for (case, (before, after, category)), row in zip(expected.items(), table.rows, strict=True):
        agreed = [one for one in ROWS if one.case == case and one.ann == one.bob]
        assert before == (sum(one.ann == "S" for one in agreed), len(agreed))
        assert row == [
            case,
            percentage(*before),
            "{} of {}".format(*before),
            percentage(*after),
            "{} of {}".format(*after),
            category,
        ]


def percentage(positive: int, total: int) -> str:
    """With the interval of Wilson (1927), z = 1.96."""
    z, p = 1.959964, positive / total
    middle = (p + z * z / (2 * total)) / (1 + z * z / total)
    half = z / (1 + z * z / total) * sqrt(p * (1 - p) / total + z * z / (4 * total * total))
    return f"{100 * p:.1f} % ({100 * (middle - half):.1f} to {100 * (middle + half):.1f})"


def sign_offs(report: Report) -> None:
    signed, *late = report["Sign-off"].tables.values()
    assert [row[:2] for row in signed.rows] == [
        [ANN, "read"],
        [BOB, "read"],
        [CORA, "adjudicated"],
        [MONA, "approved"],
    ]
    assert not late
    assert "Nothing has been changed after a sign-off." in report["Sign-off"].sentences


def title(text: str) -> None:
    assert f"Reading report: {READING}" in text


def check_all(report: Report, calls: Mapping[str, Sequence[Read]]) -> None:
    """`calls` are what each reader has said, in the order of his own list."""
    for part in (
        in_short,
        protocol,
        readers,
        between,
        with_reference,
        disputes,
        reveals,
        model,
        cases,
        sign_offs,
    ):
        part(report)
    over_time(report, calls)
    with_oneself(report, calls)
