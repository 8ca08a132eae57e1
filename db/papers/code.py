"""A QR code as squares."""

from collections.abc import Iterator

import qrcode
from qrcode.constants import ERROR_CORRECT_Q


def bars(address: str) -> tuple[int, list[tuple[int, int, int]]]:
    """Return how many modules a code is wide, and its dark runs as (column, row, length).

    A quarter of it may be scratched; the quiet zone around it is the caller's.
    """
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_Q, border=0)
    code.add_data(address)
    matrix = code.get_matrix()
    return len(matrix), [
        (column, row, length) for row, line in enumerate(matrix) for column, length in _runs(line)
    ]


def _runs(line: list[bool]) -> Iterator[tuple[int, int]]:
    begun: int | None = None
    for column, dark in enumerate([*line, False]):
        if dark and begun is None:
            begun = column
        elif not dark and begun is not None:
            yield begun, column - begun
            begun = None
