"""Agreement in the study's report, against the table and by arithmetic done here by hand.

The pair: of 24 patches Ann calls 10 S and 14 N, Bob 10 S, 13 N and 1 U; both say S on 7, both N
on 10; so 17 are the same, and in (Ann, Bob) 3 are (S, N), 3 (N, S), 1 (N, U).
"""

from collections.abc import Mapping, Sequence
from functools import partial

from report_arithmetic import (
    ANN,
    BOB,
    FRESH,
    JUDGING,
    F,
    Read,
    Report,
    ac1,
    beyond_chance,
    kappa,
    shown,
    total,
)
from report_intervals import ac1 as interval_ac1
from report_intervals import check, check_pairs, check_share, cohen, positive
from report_read import Table, figure, interval
from study_table import BY_PATCH, NAMES, REPEATS, ROWS, Row


def by_case(rows: Sequence[Row]) -> list[tuple[str, tuple[str, str]]]:
    """Ann's and Bob's first calls, each by its case."""
    return [(row.case, (row.ann, row.bob)) for row in rows]


def _two_letters(pair: tuple[str, str]) -> tuple[str, str]:
    """One label against all others: S for it, N for any other."""
    first, second = ("S" if one else "N" for one in pair)
    return first, second


def between(report: Report) -> None:
    said = " ".join(report["Agreement between readers"].sentences)
    assert "2,000 draws of whole cases" in said and "4 cases are fewer than 20" in said
    tables = report["Agreement between readers"].tables
    pair = tables["Each two readers, on first calls, with 95 % intervals below"].row("AO and BE")
    raw = F(17, 24)
    chance = F(10, 24) * F(10, 24) + F(14, 24) * F(13, 24)
    assert beyond_chance(raw, chance) == F(3, 7) == kappa([(row.ann, row.bob) for row in ROWS])
    pi = (F(20, 48), F(27, 48), F(1, 48), F(0))
    by_ac1 = beyond_chance(raw, total(p * (1 - p) for p in pi) / (4 - 1))
    # Krippendorff, of 48 calls: (47 x 34 - (20 x 19 + 27 x 26)) / (48 x 47 - (20 x 19 + 27 x 26)).
    alpha = F(47 * 34 - (20 * 19 + 27 * 26), 48 * 47 - (20 * 19 + 27 * 26))
    fleiss = beyond_chance(raw, total(p * p for p in pi))
    assert pair["Patches"] == "24"
    for name, value in (
        ("Raw agreement", raw),
        ("Positive agreement", F(2 * 7, 10 + 10)),
        ("Negative agreement", F(2 * 11, 14 + 14)),
        ("Cohen's kappa", F(3, 7)),
        ("Gwet's AC1", by_ac1),
        ("Krippendorff's alpha", alpha),
    ):
        assert pair[name].split("\n")[0] == shown(value), name
    check_pairs(pair, by_case(ROWS))
    assert pair["Positive agreement"].endswith("on 13")
    assert pair["Negative agreement"].endswith("on 17")
    # Case 1 has 5 of 6 the same, the others 4: a draw with case 1 k times of four has 16 + k of
    # 24. k is binomial with a chance of 1/4: 0 in 32 % of draws, 3 or less in 99.6 %.
    assert interval(pair["Raw agreement"]) == (0.667, 0.792)
    everyone = tables["All readers, on first calls, with 95 % intervals below"].row("all readers")
    assert everyone["Fleiss' kappa"].split("\n")[0] == shown(fleiss)
    assert everyone["Gwet's AC1"] == pair["Gwet's AC1"]
    assert everyone["Krippendorff's alpha"].split("\n")[0] == shown(alpha)
    check_pairs(everyone, by_case(ROWS))
    _classes(tables["By class: one label against all others together"])
    _by_case(tables["By case, all readers"])
    matrix = tables["AO and BE: rows AO, columns BE"]
    assert matrix.rows == [
        [NAMES["S"], "7", "3", "0", "0", "10"],
        [NAMES["N"], "3", "10", "1", "0", "14"],
        [NAMES["U"], "0", "0", "0", "0", "0"],
        ["not a glomerulus", "0", "0", "0", "0", "0"],
    ]


def _classes(table: Table) -> None:
    """One label against all others; by chance both say it, or neither does."""
    for letter, calls, specific, observed, chance, share in (
        ("S", 20, F(14, 20), F(18, 24), F(10 * 10 + 14 * 14, 576), F(20, 48)),
        ("N", 27, F(20, 27), F(17, 24), F(14 * 13 + 10 * 11, 576), F(27, 48)),
        ("U", 1, F(0), F(23, 24), F(0 * 1 + 24 * 23, 576), F(1, 48)),
    ):
        row = table.row("all readers", NAMES[letter])
        assert row["Calls"] == str(calls)
        assert figure(row["Specific agreement"]) == float(shown(specific))
        assert figure(row["Kappa"]) == float(shown(beyond_chance(observed, chance)))
        by_ac1 = beyond_chance(observed, 2 * share * (1 - share))
        assert figure(row["AC1"]) == float(shown(by_ac1))
        pairs = [
            (case, (a if a == letter else "", b if b == letter else ""))
            for case, (a, b) in by_case(ROWS)
        ]
        against_others = [(case, _two_letters(pair)) for case, pair in pairs]
        check(row["Specific agreement"], against_others, positive)
        check(row["Kappa"], against_others, cohen)
        check(row["AC1"], against_others, partial(interval_ac1, labels=2))
    nobody = table.row("all readers", "not a glomerulus")
    assert nobody["Calls"] == "0" and nobody["Kappa"].startswith("not defined")


def _by_case(table: Table) -> None:
    expected = {
        "case 1": ("1", F(5, 6), beyond_chance(F(5, 6), F(2 * 1 + 4 * 5, 36))),
        "case 2": ("2", F(4, 6), beyond_chance(F(4, 6), F(1 * 3 + 5 * 3, 36))),
        "case 3": ("2", F(4, 6), beyond_chance(F(4, 6), F(4 * 4 + 2 * 2, 36))),
        "case 4": ("2", F(4, 6), beyond_chance(F(4, 6), F(3 * 2 + 3 * 3, 36))),
    }
    assert table.column("Case") == list(expected)
    for case, (differ, raw, by_kappa) in expected.items():
        row = table.row(case)
        pairs = [(one.ann, one.bob) for one in ROWS if one.case == case]
        assert (row["Patches"], row["First calls differ"]) == ("6", differ)
        # Six patches are too few for kappa, which says so.
        assert row["Raw agreement"] == shown(raw)
        assert row["Kappa"].split("\xa0")[0] == f"too few ({shown(by_kappa)})"
        assert row["AC1"] == shown(ac1(pairs))


def over_time(report: Report, calls: Mapping[str, Sequence[Read]]) -> None:
    """Four parts of each reader's own order, repeats left out."""
    table = report["Agreement between readers"].tables[
        "Over time, in four parts of each reader's own order"
    ]
    assert len(table.rows) == 8
    for who, own in calls.items():
        firsts = [one for one in own if not one.again]
        for quarter in range(4):
            part = firsts[6 * quarter : 6 * quarter + 6]
            row = table.row(who, f"{quarter + 1}")
            assert row["Calls"] == "6"
            _quarter(row, {one.patch: one.letter for one in part})


def _quarter(row: dict[str, str], said: Mapping[int, str]) -> None:
    """`said` by patch; what each patch of the study adds to the shares of this quarter."""
    same, right, sclerotic = [], [], []
    for one in ROWS:
        letter = said.get(one.patch, "")
        same.append((one.case, (int(bool(letter) and one.ann == one.bob), int(bool(letter)))))
        known = bool(letter) and one in JUDGING
        right.append((one.case, (int(known and one.truth == letter), int(known))))
        is_class = letter in ("S", "N")
        sclerotic.append((one.case, (int(letter == "S"), int(is_class))))
    for name, adds in (
        ("Same as other readers", same),
        ("Same as the reference label", right),
        ("Globally sclerotic", sclerotic),
    ):
        above, below = (sum(one[place] for _, one in adds) for place in (0, 1))
        assert row[name].startswith(f"{above} of {below}\n"), name
        assert row[name].split("\n")[1].startswith(shown(F(above, below))), name
        check_share(row[name], adds)


def with_oneself(report: Report, calls: Mapping[str, Sequence[Read]]) -> None:
    """By the hidden repeats. The model's call has been shown before each, by the protocol."""
    (table,) = report["Readers against themselves"].tables.values()
    assert len(table.rows) == 2
    for who, own in calls.items():
        first = {one.patch: one.letter for one in own if not one.again}
        pairs = [(first[one.patch], one.letter) for one in own if one.again]
        same = 6 if who == ANN else 5
        assert (len(pairs), sum(a == b for a, b in pairs)) == (REPEATS, same)
        row = table.row(f"{who}, model's call revealed in between")
        assert list(row)[1:3] == ["Patches", "Raw agreement"], "what few repeats can tell is first"
        assert row["Patches"] == "6"
        assert _bare(row["Raw agreement"]) == shown(F(same, 6))
        assert _bare(row["Gwet's AC1"]) == shown(ac1(pairs))
        by_kappa = shown(kappa(pairs))
        assert _bare(row["Cohen's kappa"]) in (
            f"{by_kappa}, few",
            f"too few ({by_kappa})",
            f"{by_kappa} by construction",
        )
        again = {one.patch: one.letter for one in own if one.again}
        check_pairs(
            row, [(BY_PATCH[patch].case, (first[patch], again[patch])) for patch in sorted(again)]
        )


def _bare(cell: str) -> str:
    """The figure of a cell, without its interval below and without marks of notes."""
    return cell.split("\n")[0].split("\xa0")[0]


def with_reference(report: Report) -> None:
    tables = report["Readers against reference labels and model"].tables
    sources = tables["Why reference labels count as true, patch by patch"]
    assert sources.rows == [
        ["adjudicated", "5", "5"],
        ["adjudicated with the model's call in view", "1", "0"],
        ["all readers agree", "18", "17"],
    ]
    against = tables["What each reader's first calls were held against, and what was left out"]
    assert against.rows == [[who, "5", "17", "0", "0", "0", "1", "1"] for who in (ANN, BOB)]
    with_truth = tables["First calls and reference labels"]
    for who, pairs in (
        ("AO and reference", [(row.case, (row.ann, row.truth)) for row in JUDGING]),
        ("BE and reference", [(row.case, (row.bob, row.truth)) for row in JUDGING]),
    ):
        _same_as_counted(with_truth.row(who), pairs)
    with_model = tables["Readers and model, on patches that it was not trained on"]
    assert len(FRESH) == 18
    for who, pairs in (
        ("AO and model, all first calls", [(row.case, (row.ann, row.model)) for row in FRESH]),
        ("AO and model, before the reveal", [(row.case, (row.ann, row.model)) for row in FRESH]),
        ("AO and model, after the reveal", [(row.case, (row.ann, row.model)) for row in FRESH]),
        ("BE and model, all first calls", [(row.case, (row.bob, row.model)) for row in FRESH]),
        ("BE and model, before the reveal", [(row.case, (row.bob, row.model)) for row in FRESH]),
        ("BE and model, after the reveal", [(row.case, (row.last, row.model)) for row in FRESH]),
    ):
        _same_as_counted(with_model.row(who), pairs)
    # Bob and the model: 10 of 18 the same, 8 S, 9 N, 1 U against 9 S, 9 N; then 11, 7 S, 10 N.
    before = beyond_chance(F(10, 18), F(8 * 9 + 9 * 9, 324))
    after = beyond_chance(F(11, 18), F(7 * 9 + 10 * 9, 324))
    for when, value in (("before", before), ("after", after)):
        row = with_model.row(f"BE and model, {when} the reveal")
        assert row["Cohen's kappa"].split("\n")[0] == shown(value)


def _same_as_counted(row: dict[str, str], rows: Sequence[tuple[str, tuple[str, str]]]) -> None:
    pairs = [pair for _, pair in rows]
    n = len(pairs)
    check_pairs(row, rows)
    both = sum(a == b == "S" for a, b in pairs)
    said = sum(one == "S" for pair in pairs for one in pair)
    neither = sum(a != "S" and b != "S" for a, b in pairs)
    assert row["Patches"] == str(n)
    for name, value in (
        ("Raw agreement", F(sum(a == b for a, b in pairs), n)),
        ("Positive agreement", F(2 * both, said)),
        ("Negative agreement", F(2 * neither, 2 * n - said)),
        ("Cohen's kappa", kappa(pairs)),
        ("Gwet's AC1", ac1(pairs)),
    ):
        assert _bare(row[name]) == shown(value), name
