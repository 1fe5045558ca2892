"""Telephone numbers are compared as they are dialled, however they are written."""

import pytest

from fullfunnel.crm.phones import may_be_same, number_of


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("+43 316 555 0142", "+433165550142"), ("0043 (0)316 555-0142", "+433165550142"), ("+49 (0) 170/1234567", "+491701234567"),
        ("0316 555 0142", "03165550142"), ("lena@klinik.example", ""), ("12345", ""), ("call me", ""), ("", ""), ("٠٣١٦٥٥٥", ""),
        ("+" + "1" * 16, ""),
    ],
)  # fmt: skip
def test_a_number_is_read(typed, number):
    assert number_of(typed) == number


def test_a_national_number_may_be_an_international_one_but_is_not():
    assert may_be_same("03165550142", "+433165550142")
    assert may_be_same("+433165550142", "03165550142")
    assert not may_be_same("03165550142", "03165550142")
    assert not may_be_same("+493165550142", "+433165550142")
