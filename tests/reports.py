"""A report of a reading, made by hand: every figure in it is another one."""

from dataclasses import replace
from datetime import UTC, datetime

from glomviewer.domain.agreement.model import Reveals
from glomviewer.domain.agreement.percentages import RelabelledCase, Relabelling
from glomviewer.domain.agreement.statistic import Share, Statistic
from glomviewer.domain.cases import wilson
from glomviewer.domain.disputes.records import DisputeState
from glomviewer.domain.report.agreement import (
    AgreementLine,
    AgreementPart,
    CaseLine,
    ClassLine,
    HeldAgainst,
    Matrix,
    QuarterLine,
)
from glomviewer.domain.report.moments import Moment
from glomviewer.domain.report.study import (
    Call,
    CasePart,
    Chain,
    Dispute,
    DisputePart,
    Heading,
    Key,
    LateChange,
    ModelPart,
    ReaderPart,
    RevealPart,
    SamplePart,
    SignOff,
    SourceLine,
    StudyReport,
)

YES, NO, UNSURE, NONE = (
    "globally sclerotic",
    "not globally sclerotic",
    "cannot tell",
    "not a glomerulus",
)


def at(hour, minute=0, *, day=20, zone="Europe/Berlin"):
    return Moment(datetime(2026, 11, day, hour, minute, 7, tzinfo=UTC), zone)


def figure(value, low=None, high=None, n=0, reason="", note=""):
    return Statistic(value, reason, n, low, high, note)


def share(count, of):
    if not of:
        return Share(count, of, figure(None, reason="there is no such patch"))
    return Share(count, of, figure(count / of, count / of - 0.005, count / of + 0.007, of))


def made_by_hand(**changes):
    report = StudyReport(
        heading=Heading(
            reading="Baseline",
            library="Kidney study",
            program="glomviewer 0.1.0",
            made=at(9, 30, day=23),
            created=at(8, 15),
            created_by="Mona Itor (MI)",
            closed=at(17, 45, day=21),
            identifier="5b0f6c1e-89ab-4d3e-9f10-2233445566aa",
        ),
        protocol=(
            "Independent reading: nothing of the model or of another reader is reachable before "
            "the commit.",
            "The order is shuffled for each reader; 5 % of the patches come again, turned.",
            "The model's call is shown after the reader's own.",
        ),
        sample=SamplePart(
            ("200 patches were drawn at random, in equal shares by case, with seed 17.",),
            patches=1234,
            cases=16,
            slides=21,
            repeats=62,
        ),
        labels=(YES, NO, UNSURE, NONE),
        readers=(
            ReaderPart(
                "Anna Lee",
                "AL",
                1296,
                1295,
                at(9, 1),
                at(11, 12),
                at(11, 13),
                3.4,
                (311, 902, 17, 4),
                5,
                8,
            ),
            ReaderPart(
                "Bo Kim",
                "BK",
                1297,
                1294,
                at(13, 2),
                at(16, 14),
                None,
                4.7,
                (299, 911, 13, 10),
                6,
                9,
            ),
        ),
        agreement=AgreementPart(
            rule="Cannot tell and not a glomerulus are left out: a patch counts for a pair where "
            "both called it globally sclerotic or not.",
            categories=(YES, NO),
            interval="95 % intervals by 2,000 bootstrap draws of 16 cases, seed 1.",
            formulas=(
                ("Cohen's kappa", "scikit-learn, cohen_kappa_score"),
                ("Gwet's AC1", "irrCAC, gwet"),
            ),
            headline=(
                AgreementLine("AL and BK", "Cohen's kappa", figure(0.712, 0.601, 0.813, 1190)),
            ),
            pairs=(
                AgreementLine("AL and BK", "Cohen's kappa", figure(0.712, 0.601, 0.813, 1190)),
                AgreementLine("AL and BK", "Positive agreement", figure(0.766, 0.655, 0.866, 333)),
            ),
            everyone=(
                AgreementLine(
                    "all readers",
                    "Gwet's AC1",
                    figure(0.834, 0.744, 0.905, 1191, note="nearly all calls are of one label"),
                ),
                AgreementLine("all readers", "Fleiss' kappa", figure(None, reason="one class")),
            ),
            classes=(
                ClassLine(
                    "AL and BK",
                    YES,
                    610,
                    figure(0.787, 0.655, 0.876, 1189),
                    figure(0.713, 0.602, 0.814, 1188),
                    figure(0.835, 0.745, 0.906, 1187),
                ),
            ),
            cases=(
                CaseLine(
                    "case 3",
                    77,
                    9,
                    figure(0.883, n=77),
                    figure(0.412, n=77),
                    figure(None, n=77, reason="one class used by all"),
                ),
            ),
            quarters=(
                QuarterLine(
                    "Bo Kim (BK)", 1, 324, share(289, 323), share(301, 322), share(78, 321)
                ),
            ),
            reference_rule=("By first calls.", "Where all agree, his own is one of them."),
            held_against=(HeldAgainst("Anna Lee (AL)", 51, 1161, 3, 15, 16, 18, 19),),
            with_reference=(
                AgreementLine(
                    "AL and reference", "Cohen's kappa", figure(0.921, 0.866, 0.962, 1180)
                ),
            ),
            with_model=(
                AgreementLine(
                    "AL and model, before the reveal",
                    "Cohen's kappa",
                    figure(0.688, 0.577, 0.777, 998),
                ),
                AgreementLine(
                    "AL and model, after the reveal",
                    "Cohen's kappa",
                    figure(0.699, 0.588, 0.779, 997),
                ),
            ),
            with_oneself=(
                AgreementLine("AL and AL", "Cohen's kappa", figure(0.952, 0.851, 1.0, 61)),
            ),
            matrices=(Matrix("AL and BK", "AL", "BK", (YES, NO), ((271, 33), (25, 861))),),
        ),
        disputes=DisputePart(
            (
                Dispute(
                    "Patch 41",
                    "case 3",
                    (
                        Call("AL", YES, NO, revealed=True),
                        Call("BK", NO, NO, comment="only segmental"),
                    ),
                    DisputeState.SETTLED,
                    NO,
                    "Cy Judge (CJ)",
                    at(15, 21, day=21),
                    "a capsule that is open",
                    "adjudicated",
                    model=f"{YES}, 0.61",
                ),
                Dispute(
                    "Patch 42",
                    "case 4",
                    (Call("AL", NO, NO), Call("BK", YES, YES)),
                    DisputeState.OPEN,
                    "",
                    "",
                    None,
                    "",
                ),
            ),
            rule="A patch is disputed where first calls differ and nobody has adjudicated.",
        ),
        reveals=(
            RevealPart(
                "Anna Lee (AL)",
                1231,
                24,
                21,
                Reveals(share(22, 992), share(7, 904), share(5, 48), share(14, 73), share(13, 41)),
            ),
            RevealPart(
                "Bo Kim (BK)",
                1230,
                19,
                17,
                Reveals(share(18, 991), share(0, 0), share(0, 0), share(12, 74), share(11, 43)),
            ),
        ),
        model=ModelPart(
            name="swin-base",
            version="4",
            threshold="0.9885 (logit 4.454)",
            patches=996,
            trained_on=228,
            without_reference=6,
            without_call=2,
            figures=(
                ("Accuracy", figure(0.943, 0.925, 0.958, 996)),
                ("Sensitivity", figure(0.881, 0.831, 0.922, 243)),
                ("Specificity", figure(0.963, 0.946, 0.977, 753)),
                ("Positive predictive value", figure(0.884, 0.833, 0.925, 242)),
                ("F1", figure(0.882, 0.842, 0.915, 996)),
            ),
            matrix=Matrix(
                "Reference and model", "reference", "model", (YES, NO), ((214, 29), (28, 725))
            ),
        ),
        cases=CasePart(
            Relabelling(
                (
                    RelabelledCase("case 3", wilson(7, 31), wilson(6, 32), 1, 0),
                    RelabelledCase("case 4", wilson(2, 41), wilson(3, 42), 0, 0),
                ),
                (0.2,),
                patches=9,
            ),
            before="the label on which all first calls agree",
            after="reference labels, adjudicated ones among them",
        ),
        sources=(
            SourceLine("adjudicated", 57, 53),
            SourceLine("all readers agree", 1171, 1163),
            SourceLine("imported", 0, 2),
        ),
        sign_offs=(SignOff("Anna Lee (AL)", "read", at(11, 14), "all of it", "3f1c9a…"),),
        late_changes=(
            LateChange("Patch 43", "AL", "label", YES, NO, at(12, 34, day=22), "a slip of the key"),
        ),
        chains=(Chain("0d5e77aa", "AL, CJ", 4321, "9c" * 32),),
        keys=(Key("Ward laptop", "SHA256:ab12 cd34 ef56", at(7, 7)),),
    )
    return replace(report, **changes)
