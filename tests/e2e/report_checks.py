"""Every figure of the study's report, against the table and by arithmetic done here by hand.

The pair: of 24 patches Ann calls 10 S and 14 N, Bob 10 S, 13 N and 1 U; both say S on 7, both N
on 10; so 17 are the same, and in (Ann, Bob) 3 are (S, N), 3 (N, S), 1 (N, U).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

from report_read import ChapterRead, Table, figure, interval
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

Report = dict[str, ChapterRead]
F = Fraction
LETTERS = ("S", "N", "U")
ANN, BOB, CORA, MONA = "Ann Other (AO)", "Bob Else (BE)", "Cora More (CM)", "Mona Itor (MI)"
FRESH = [row for row in ROWS if row.model and not row.trained]
"""The 18 patches that the model calls and was not trained on."""


@dataclass(frozen=True)
class Read:
    """One call of one reader in his own order: the patch, what he said first, whether it was a
    repeat."""

    patch: int
    letter: str
    again: bool


def shown(value: F | float) -> str:
    return f"{float(value):.3f}"


def total(parts: Iterable[F]) -> F:
    return sum(parts, start=F(0))


def beyond_chance(observed: F, chance: F) -> F:
    return (observed - chance) / (1 - chance)


def kappa(pairs: Sequence[tuple[str, str]]) -> F:
    """Cohen's: by chance both say a letter as often as the product of how often each says it."""
    n = len(pairs)
    first, second = zip(*pairs, strict=True)
    chance = total(F(first.count(one) * second.count(one), n * n) for one in LETTERS)
    return beyond_chance(F(sum(a == b for a, b in pairs), n), chance)


def ac1(pairs: Sequence[tuple[str, str]]) -> F:
    """Gwet's, of the four labels that can be given: sum of pi (1 - pi) / (4 - 1)."""
    n, said = len(pairs), [one for pair in pairs for one in pair]
    pi = [F(said.count(one), 2 * n) for one in LETTERS]
    return beyond_chance(F(sum(a == b for a, b in pairs), n), total(p * (1 - p) for p in pi) / 3)


def in_short(report: Report) -> None:
    decided, counted, *_ = report["In short"].sentences
    assert decided == (
        f"2 readers decided {2 * (PATCHES + REPEATS)} of {2 * (PATCHES + REPEATS)} items: "
        f"{PATCHES} patches of {CASES} cases, and {2 * REPEATS} repeats."
    )
    assert counted.startswith("Cohen's kappa, AO and BE: 0.429 (")
    sentences = " ".join(report["In short"].sentences)
    assert "7 disputes, 7 settled and 0 open." in sentences
    assert "1 case of 4 changes category at 20 %." in sentences
    assert (
        f"{ANN} (read), {BOB} (read), {CORA} (adjudicated) and {MONA} (approved); 0 later changes."
    ) in sentences


def protocol(report: Report) -> None:
    chapter = report["Protocol and patches"]
    assert chapter.facts["Patches"] == "24" and chapter.facts["Cases"] == "4"
    assert chapter.facts["Slides"] == "4" and chapter.facts["Hidden repeats"] == "12"
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


def between(report: Report) -> None:
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
        low, high = interval(pair[name])
        assert low <= float(value) <= high, name
    assert pair["Positive agreement"].endswith("on 13")
    assert pair["Negative agreement"].endswith("on 17")
    # Case 1 has 5 of 6 the same, the others 4: a draw with case 1 k times of four has 16 + k of
    # 24. k is binomial with a chance of 1/4: 0 in 32 % of draws, 3 or less in 99.6 %.
    assert interval(pair["Raw agreement"]) == (0.667, 0.792)
    everyone = tables["All readers, on first calls, with 95 % intervals below"].row("all readers")
    assert everyone["Fleiss' kappa"].split("\n")[0] == shown(fleiss)
    assert everyone["Gwet's AC1"] == pair["Gwet's AC1"]
    assert everyone["Krippendorff's alpha"].split("\n")[0] == shown(alpha)
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
        assert "no interval: no interval" not in " ".join(row.values())
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
        assert (row["Raw agreement"], row["Kappa"]) == (shown(raw), shown(by_kappa))
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
            other = {one.patch: BY_PATCH[one.patch] for one in part}
            same = sum(other[one.patch].ann == other[one.patch].bob for one in part)
            right = sum(other[one.patch].truth == one.letter for one in part)
            classes = [one.letter for one in part if one.letter != "U"]
            assert row["Calls"] == "6"
            assert row["Same as other readers"].startswith(f"{same} of 6\n")
            assert row["Same as the reference label"].startswith(f"{right} of 6\n")
            expected = f"{classes.count('S')} of {len(classes)}\n"
            assert row["Globally sclerotic"].startswith(expected)


def with_oneself(report: Report, calls: Mapping[str, Sequence[Read]]) -> None:
    """By the hidden repeats. The model's call has been shown before each, by the protocol."""
    (table,) = report["Readers against themselves"].tables.values()
    assert len(table.rows) == 2
    for who, own in calls.items():
        first = {one.patch: one.letter for one in own if not one.again}
        pairs = [(first[one.patch], one.letter) for one in own if one.again]
        same = 6 if who == ANN else 5
        assert (len(pairs), sum(a == b for a, b in pairs)) == (REPEATS, same)
        row = table.row(f"{who}, where the model's call had been shown in between")
        assert row["Patches"] == "6"
        assert row["Raw agreement"].split("\n")[0] == shown(F(same, 6))
        assert row["Cohen's kappa"].split("\n")[0] == shown(kappa(pairs))
        assert row["Gwet's AC1"].split("\n")[0] == shown(ac1(pairs))


def with_reference(report: Report) -> None:
    tables = report["Readers against reference labels and model"].tables
    sources = tables["Why the reference labels count as true"]
    assert sources.rows == [["adjudicated", "6"], ["all readers agree", "18"]]
    with_truth = tables["First calls and reference labels"]
    for who, pairs in (
        ("AO and reference", [(row.ann, row.truth) for row in ROWS]),
        ("BE and reference", [(row.bob, row.truth) for row in ROWS]),
    ):
        _same_as_counted(with_truth.row(who), pairs)
    with_model = tables["Readers and model, on patches that it was not trained on"]
    assert len(FRESH) == 18
    for who, pairs in (
        ("AO and model, all first calls", [(row.ann, row.model) for row in FRESH]),
        ("AO and model, before the reveal", [(row.ann, row.model) for row in FRESH]),
        ("AO and model, after the reveal", [(row.ann, row.model) for row in FRESH]),
        ("BE and model, all first calls", [(row.bob, row.model) for row in FRESH]),
        ("BE and model, before the reveal", [(row.bob, row.model) for row in FRESH]),
        ("BE and model, after the reveal", [(row.last, row.model) for row in FRESH]),
    ):
        _same_as_counted(with_model.row(who), pairs)
    # Bob and the model: 10 of 18 the same, 8 S, 9 N, 1 U against 9 S, 9 N; then 11, 7 S, 10 N.
    before = beyond_chance(F(10, 18), F(8 * 9 + 9 * 9, 324))
    after = beyond_chance(F(11, 18), F(7 * 9 + 10 * 9, 324))
    for when, value in (("before", before), ("after", after)):
        row = with_model.row(f"BE and model, {when} the reveal")
        assert row["Cohen's kappa"].split("\n")[0] == shown(value)


def _same_as_counted(row: dict[str, str], pairs: Sequence[tuple[str, str]]) -> None:
    n = len(pairs)
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
        assert row[name].split("\n")[0] == shown(value), name


def disputes(report: Report) -> None:
    chapter = report["Disputes"]
    assert chapter.facts == {"Disputes": "7", "Settled": "7", "Open": "0"}
    (table,) = chapter.tables.values()
    assert table.column("Patch") == [f"Patch {n}\n{BY_PATCH[n].case}" for n in DISPUTED]
    for patch in DISPUTED:
        row, one = table.row(f"Patch {patch}\n{BY_PATCH[patch].case}"), BY_PATCH[patch]
        ann, bob, model = row["Calls"].split("\n")
        assert ann == f"AO: {NAMES[one.ann]}, kept"
        changed = f", then {NAMES[one.last]}" if one.last != one.bob else ", kept"
        assert bob == f"BE: {NAMES[one.bob]}{changed}"
        assert model == f"Model: {NAMES[one.model]}"
        if patch in ADJUDICATED:
            assert row["Counts now as"] == NAMES[one.truth]
            assert (row["Settled by"], row["Reason"]) == (CORA, REASONS[patch])
        else:
            assert row["Counts now as"] == f"{NAMES[one.truth]}: the readers agree since"
            assert (row["Settled by"], row["Reason"]) == ("–", "–")


def reveals(report: Report) -> None:
    tables = report["Changes after the model's call was shown"].tables
    # The model has no call of 2 of the 24.
    assert tables["What became of first calls"].rows == [
        [ANN, "22", "22", "0"],
        [BOB, "22", "21", "1"],
    ]
    # Of the 18: Ann is right on all, and the model wrong on 4, 9 and 13. Bob is wrong on 2, 8, 9,
    # 14, 17, 21 and 24, of which the model is wrong on 9 alone; of the other 11 on 4 and 13.
    judged = tables["Right calls overturned and wrong ones repaired"]
    ann, bob = ([cell.split("\n")[0] for cell in row[1:]] for row in judged.rows)
    assert ann == ["0 of 18", "0 of 3", "0 of 0", "0 of 0"]
    assert bob == ["0 of 11", "0 of 2", "1 of 7", "1 of 6"]
    assert figure(judged.row(BOB)["Repaired, of wrong ones"].split("\n")[1]) == 0.143


def model(report: Report) -> None:
    chapter = report["Model on the reference labels"]
    assert chapter.facts["Model"] == "swin" and chapter.facts["Version"] == "1"
    assert chapter.facts["Patches judged"] == "18"
    assert chapter.facts["Left out: trained on"] == "4"
    assert chapter.facts["Left out: no reference label"] == "0"
    assert chapter.facts["Left out: no prediction"] == "2"
    figures, matrix = chapter.tables.values()
    # 8 are S, of which 13 is missed; 10 are N, of which 4 and 9 are called S.
    chance = F(8 * 9 + 10 * 9, 18 * 18)
    for name, value, of in (
        ("Accuracy", F(15, 18), 18),
        ("Sensitivity", F(7, 8), 8),
        ("Specificity", F(8, 10), 10),
        ("Positive predictive value", F(7, 9), 9),
        ("Negative predictive value", F(8, 9), 9),
        ("F1", F(14, 17), 10),
        ("Cohen's kappa", beyond_chance(F(15, 18), chance), 18),
    ):
        row = figures.row(name)
        assert figure(row["Value (95 % interval)"]) == float(shown(value)), name
        assert row["Patches"] == str(of)
    assert matrix.rows == [[NAMES["S"], "7", "1", "8"], [NAMES["N"], "2", "8", "10"]]


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
    for check in (
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
        check(report)
    over_time(report, calls)
    with_oneself(report, calls)
