"""Texts of a CSV file: none is run by a spreadsheet, and each comes back."""

from hypothesis import given
from hypothesis import strategies as st

from targets_site.csv_text import safe_text, text_behind

TEXTS = st.text(st.sampled_from("'=+-@\t\rax中"), max_size=5) | st.text()


@given(TEXTS)
def test_a_text_comes_back_and_is_no_formula(text):
    cell = safe_text(text)

    assert text_behind(cell) == text
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))


@given(TEXTS, TEXTS)
def test_two_texts_never_become_the_same_cell(one, other):
    assert (safe_text(one) == safe_text(other)) == (one == other)
