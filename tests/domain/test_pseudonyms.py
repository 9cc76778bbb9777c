"""Names that could lead to a person are told from names that could not, with doubt meaning yes."""

import string
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glomviewer.domain.pseudonyms import looks_like_accession, mentions_patient, pseudonym

HARMLESS = [
    "",
    "case-003",
    "case003",
    "Case 7",
    "slide 12",
    "Slide_2.svs",
    "centre-A",
    "Centre B",
    "site A case 12",
    "A",
    "12",
    "003",
    "PAS slide 3 of 12",
    "train/globally_sclerotic",
    "patient 4",
    "case-7.png",
]
TELLING = [
    "S23-12345",
    "s23_12345",
    "S 23 12345",
    "S2312345",
    "H2023/4567-1A",
    "23-S-001234",
    "18-123",
    "S-2001-001234",
    "18-123_PAS_5of6_07.png",
    "B12-345 PAS [x=1024,y=2048,w=512,h=512].png",
    "SAS_21891_001-8.png",
    "case S23-12345",
    "case-18-123",
    "case 12345",
    "case 1957",
    "00456123",
    "0000000",
    "0412",
    "1957-03-12",
    "12.03.57",
    "12 Mar 1957",
    "19570312",
    "Miller, Ann",
    "Miller",
    "Ann Miller",
    "MILLER^ANN",
    "slide of Miller",
    "JD-01",
    "A1",
    "23 A 123",
    "23-HE-0011",
    "HE 23",
    "MT123",
    "3 of 123",
    "12 slide 3",
    "Mu\u0308ller",
    "NKI_01",
    "王伟",
    "case 王伟",
    "Ｓ２３－１２３４５",
    "٠١٢٣٤٥٦",
    "🙂",
    "case@home",
]


@pytest.mark.parametrize("name", HARMLESS)
def test_plain_names_may_stay(name):
    assert not looks_like_accession(name)
    assert not looks_like_accession(f"  {name.upper()} ")


@pytest.mark.parametrize("name", TELLING)
def test_doubtful_names_may_not(name):
    assert looks_like_accession(name)
    assert looks_like_accession(name.lower())
    assert looks_like_accession(f"{name}.png")


digits = st.text(string.digits, min_size=4, max_size=12)
joints = st.sampled_from(["", "-", "_", "/", " ", "."])
letters = st.text(string.ascii_uppercase, min_size=1, max_size=3)
years = st.integers(0, 99).map("{:02d}".format) | st.integers(1990, 2035).map(str)
running = st.integers(1, 999_999).map(str) | st.integers(1, 999_999).map("{:06d}".format)
prefixes = st.sampled_from(["", "case ", "Slide_", "patient-", "PAS "])


@given(prefixes, letters, joints, years, st.sampled_from(["-", "/", "_", " "]), running)
def test_a_year_and_a_running_number_are_an_accession_number(prefix, letter, at, year, sep, number):
    assert looks_like_accession(f"{prefix}{letter}{at}{year}{sep}{number}")
    assert looks_like_accession(f"{prefix}{year}{sep}{number}")
    assert looks_like_accession(f"{prefix}{year}{sep}{letter}{sep}{number.zfill(3)}1")


@given(prefixes, digits.filter(lambda text: int(text) > 999))
def test_a_run_of_digits_may_be_a_record_number(prefix, number):
    name = f"{prefix}{number}"
    # "Case 1234" is how a pseudonym looks.
    assert looks_like_accession(name) or len(number) == 4


@given(st.dates(), st.sampled_from(["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%y", "%Y%m%d", "%d %m %y"]))
def test_a_date_may_be_one_of_birth(date, style):
    assert looks_like_accession(date.strftime(style).replace(" 0", " "))
    if " " not in style:
        assert mentions_patient(f"Reading of {date.strftime(style)}")


surnames = st.text(st.characters(categories=["Lu", "Ll"]), min_size=3, max_size=12)


@given(surnames, surnames)
def test_surname_and_first_name_are_found(surname, first):
    name = f"{surname.capitalize()}, {first.capitalize()}"
    assert looks_like_accession(name)
    assert mentions_patient(name)


@given(st.text())
def test_any_text_has_an_answer(name):
    assert looks_like_accession(name) in (True, False)
    assert mentions_patient(name) in (True, False)


@given(st.sampled_from(["case", "slide", "patch", "reading"]), st.integers(1, 9999))
def test_a_pseudonym_needs_none_itself(kind, number):
    assert not looks_like_accession(pseudonym(kind, number))


def test_pseudonyms_read_as_names():
    assert pseudonym("case", 7) == "Case 7"


@pytest.mark.parametrize(
    "title",
    [
        "Sclerosis study 2024",
        "Second reading, half blind",
        "Round 2 (blind)",
        "Model v3, retrained",
        "swin_tiny, 12 epochs",
        "efficientnet-lite0",
        "centre-A",
        "Disputes of Round 1",
    ],
)
def test_titles_of_studies_may_stay(title):
    assert not mentions_patient(title)


@pytest.mark.parametrize(
    "title",
    [
        "Slides of S23-12345",
        "H2023/4567",
        "23-S-001234 again",
        "born 1957-03-12",
        "born 12 March 1957",
        "MRN 00456123",
        "Mu\u0308ller, A\u0308nne",
        "18-123",
        "Miller, Ann",
        "miller, ann",
        "Biopsy of Müller, Änne",
        "AB1234",
    ],
)
def test_titles_with_a_patient_in_them_may_not(title):
    assert mentions_patient(title)


@pytest.mark.parametrize("piece", ["y", "a.", "1.", "1 ", "jan", "a-", "12-", "é,"])
def test_a_long_text_is_looked_through_in_a_moment(piece):
    text = piece * 15_000
    began = time.monotonic()
    mentions_patient(text)
    looks_like_accession(text)
    assert time.monotonic() - began < 0.5
