"""The picture of a till that cannot print, as a pharmacy would photograph it."""

import io

from PIL import Image, ImageDraw, ImageFont

_SIZE = (960, 640)
_LINES = (
    ("Amoksisilin 500 mg", "2", "24.000"),
    ("Vitamin C 500 mg", "1", "18.500"),
    ("Masker", "1", "15.000"),
)
_INK, _DIM, _RED, _BLUE = (32, 38, 46), (120, 128, 138), (190, 40, 44), (28, 88, 158)


def screenshot() -> bytes:
    """Return the screen as JPEG: a sale without a name on it, and over it what the till complains of."""
    picture = Image.new("RGB", _SIZE, (236, 239, 243))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, _SIZE[0], 64), fill=_BLUE)
    draw.text((28, 18), "Kasir 2 · Penjualan", fill="white", font=_font(28))
    draw.text((800, 22), "v4.2.1", fill="white", font=_font(22))
    for row, cells in enumerate(_LINES):
        for x, cell in zip((36, 600, 760), cells, strict=True):
            draw.text((x, 96 + 52 * row), cell, fill=_INK, font=_font(26))
    draw.line((36, 262, 924, 262), fill=_DIM, width=2)
    draw.text((36, 280), "Total", fill=_INK, font=_font(34))
    draw.text((744, 280), "57.500", fill=_INK, font=_font(34))
    draw.rounded_rectangle((150, 350, 810, 590), 14, fill="white", outline=_RED, width=4)
    draw.text((186, 378), "Struk tidak dapat dicetak", fill=_RED, font=_font(34))
    draw.text((186, 436), "PRN-107: printer tidak menjawab (USB001)", fill=_INK, font=_font(26))
    draw.rounded_rectangle((186, 500, 366, 560), 10, fill=_BLUE)
    draw.text((222, 514), "Coba lagi", fill="white", font=_font(26))
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=88)
    return buffer.getvalue()


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
