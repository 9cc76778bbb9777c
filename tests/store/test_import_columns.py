"""Tables as people write them."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glomviewer.store.import_columns import found_columns, number, read_table
from glomviewer.store.import_values import ImportRefused

cells = st.text(
    alphabet=st.characters(exclude_categories=("Cs", "Cc"), exclude_characters='"'), max_size=8
).map(str.strip)


def written(tmp_path, raw):
    file = tmp_path / "t.csv"
    file.write_bytes(raw if isinstance(raw, bytes) else raw.encode())
    return file


@pytest.mark.parametrize(
    ("header", "label", "is_call"),
    [
        ("name,ground truth", "ground truth", False),
        ("Name;Label", "Label", False),
        ("Image\tClass", "Class", False),
        ("name,predicted_class", "predicted_class", True),
        ("Name,Predicted_Class", "Predicted_Class", True),
        ("name,ground truth,predicted_class", "ground truth", False),
    ],
)
def test_label_and_call_are_told_apart_by_the_header(tmp_path, header, label, is_call):
    columns, call = found_columns(read_table(written(tmp_path, header + "\na,1,0")).header)
    assert (columns.label, call) == (label, is_call)
    assert columns.name


def test_coordinates_are_no_labels(tmp_path):
    columns, _ = found_columns(read_table(written(tmp_path, "name,x,y,w\na,1,2,3\n")).header)
    assert columns.label == ""


def test_short_rows_are_filled_and_long_ones_listed(tmp_path):
    table = read_table(written(tmp_path, "name,label,case\na\nb,1,C,extra\nc,1,C,,\n\n"))
    assert table.rows == (("a", "", ""), ("c", "1", "C"))
    assert table.problems[0].name == "t.csv, line 3"


def test_headers_that_are_equal_or_empty_are_told_apart(tmp_path):
    table = read_table(written(tmp_path, "name,label,label,\na,1,0,x\n"))
    assert table.header == ("name", "label", "label (2)", "column 4")


def test_quoted_cells_keep_their_separators(tmp_path):
    table = read_table(written(tmp_path, 'name,label\n"a, b.png",1\n"c ""d"".png",0\n'))
    assert [row[0] for row in table.rows] == ["a, b.png", 'c "d".png']


@pytest.mark.parametrize("raw", [b"", b"\n\n", b"\0\0\0", b"\x89PNG\r\n\x1a\n\0\0"])
def test_file_that_is_no_table_is_refused_in_one_sentence(tmp_path, raw):
    with pytest.raises(ImportRefused, match=r"\.$"):
        read_table(written(tmp_path, raw))


def test_missing_table_is_refused_in_one_sentence(tmp_path):
    with pytest.raises(ImportRefused, match="can't be read"):
        read_table(tmp_path / "gone.csv")


@pytest.mark.parametrize(
    ("text", "value"),
    [("0.25", 0.25), ("0,25", 0.25), (" 1e-3 ", 0.001), ("nan", None), ("inf", None), ("x", None)],
)
def test_numbers_with_point_or_comma(text, value):
    assert number(text) == value


@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=12), st.sampled_from(",;\t"))
def test_what_a_writer_wrote_is_what_is_read(tmp_path_factory, rows, delimiter):
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerow(["name", "label"])
    writer.writerows(rows)
    folder = tmp_path_factory.mktemp("csv")
    table = read_table(written(folder, text.getvalue()))
    assert table.rows == tuple(row for row in rows if any(row))


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(tmp_path_factory, raw):
    folder = tmp_path_factory.mktemp("raw")
    try:
        table = read_table(written(folder, raw))
    except ImportRefused:
        return
    assert all(len(row) == len(table.header) for row in table.rows)
