from glomviewer.__main__ import main


def test_an_unknown_section_is_refused(capsys):
    assert main(["bench", "--only", "speed"]) == 2
    assert "There is no section 'speed'; the sections are window" in capsys.readouterr().err


def test_no_kills_are_refused(capsys):
    assert main(["bench", "--kills", "0"]) == 2
    assert "give 1 or more" in capsys.readouterr().err


def test_the_number_of_kills_is_printed(capsys):
    assert main(["bench", "--kills", "1"]) == 0
    assert capsys.readouterr().out.startswith("1 kills (1 label)")
