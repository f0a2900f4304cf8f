"""Bytes as people say them."""

import pytest

from crm_desktop.shared.sizes import size_text


@pytest.mark.parametrize(
    ("size", "said"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1500, "1.5 KB"),
        (40_200, "40 KB"),
        (2_500_000, "2.5 MB"),
        (263_000_000, "263 MB"),
        (1_200_000_000, "1.2 GB"),
        (5_000_000_000_000_000, "5,000 TB"),
    ],
)
def test_bytes_in_words(size: int, said: str) -> None:
    assert size_text(size) == said
