"""The study that the story of the reading room goes through, written down by hand.

S is globally sclerotic, N not, U cannot tell. Ann is right everywhere. Bob calls six patches
wrongly (2, 8, 9, 14, 17 and 21) and cannot tell of 24; after the model's call of 17 he changes
his mind. The model calls 4, 9 and 13 wrongly, has no call of 11 and 23, and was trained on 5, 10,
16 and 22. Mona makes the study, Cora settles what is disputed.
"""

from dataclasses import dataclass

TABLE = """
patch case truth Ann Bob last model trained
    1    1     S   S   S    S     S      no
    2    1     S   S   N    N     S      no
    3    1     N   N   N    N     N      no
    4    1     N   N   N    N     S      no
    5    1     N   N   N    N     N     yes
    6    1     N   N   N    N     N      no
    7    2     S   S   S    S     S      no
    8    2     N   N   S    S     N      no
    9    2     N   N   S    S     S      no
   10    2     N   N   N    N     N     yes
   11    2     N   N   N    N     -      no
   12    2     N   N   N    N     N      no
   13    3     S   S   S    S     N      no
   14    3     S   S   N    N     S      no
   15    3     S   S   S    S     S      no
   16    3     S   S   S    S     S     yes
   17    3     N   N   S    N     N      no
   18    3     N   N   N    N     N      no
   19    4     S   S   S    S     S      no
   20    4     N   N   N    N     N      no
   21    4     S   S   N    N     S      no
   22    4     N   N   N    N     N     yes
   23    4     S   S   S    S     -      no
   24    4     N   N   U    U     N      no
"""
CODES = {"S": 1, "N": 0, "U": 2}
NAMES = {"S": "globally sclerotic", "N": "not globally sclerotic", "U": "cannot tell"}
READING = "Sclerosis study"
PATCHES, CASES, REPEATS, REPEATED_PERCENT = 24, 4, 6, 25
UNSURE_BECAUSE = "out of focus"
CHANGED = 17
DISPUTED = (2, 8, 9, 14, 17, 21, 24)
"""Where first calls differ; 17 is settled by Bob himself."""
ADJUDICATED = (2, 8, 9, 14, 21, 24)
TO_CONSENSUS, SENT_BACK = 9, 21
REASONS = {
    2: "no loop is left open",
    8: "one loop is open at the hilum",
    9: "looked at together: a fold of the capsule",
    14: "the whole tuft is scar",
    21: "the second look at it says the same",
    24: "sharp enough at its upper rim",
}
REFERRED_BECAUSE = {9: "for the meeting", 21: "once more, please"}
FLAGGED, COMMENTED, COMMENT = 3, 12, "segmental only, as I see it"
"""What Ann does besides."""


@dataclass(frozen=True)
class Row:
    """One patch, by letters of the table; `model` "" without a call."""

    patch: int
    case: str
    truth: str
    ann: str
    bob: str
    last: str
    model: str
    trained: bool


def rows() -> list[Row]:
    found = []
    for line in TABLE.strip().splitlines()[1:]:
        patch, case, truth, ann, bob, last, model, trained = line.split()
        called = "" if model == "-" else model
        found.append(
            Row(int(patch), f"case {case}", truth, ann, bob, last, called, trained == "yes")
        )
    return found


ROWS = rows()
BY_PATCH = {row.patch: row for row in ROWS}
