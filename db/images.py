"""Pictures that come from outside: verified and re-encoded before anyone opens them."""

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from domain.defaults import PHOTO_LIMIT_MB, PHOTO_LIMIT_MEGAPIXELS, PHOTO_LONG_EDGE_PX
from domain.errors import FileTooBig, ImageTooLarge, NotAPhoto

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF", "MPO")
_LOOK_SIDE = 8
_TELLING = range(8, 57)
"""How many of the 64 bits must be set: a picture of one colour looks like every other one."""


@dataclass(frozen=True, slots=True)
class Picture:
    """An image that was really decoded; sizes in pixels."""

    content: bytes
    media_type: str
    width: int
    height: int
    look: int | None = None
    """64 bits, as the database keeps them: similar pictures differ in few. None: there is nothing to see."""


def look_of(image: Image.Image) -> int | None:
    """Return what an image looks like: whether each of 8 x 8 spots is brighter than the next one in its row.

    This difference hash survives scaling and compression, not turning or cropping.
    """
    side = _LOOK_SIDE
    spots = image.convert("L").resize((side + 1, side), Image.Resampling.BOX).tobytes()
    bits = 0
    for row in range(side):
        for column in range(side):
            place = row * (side + 1) + column
            bits = bits << 1 | (spots[place] > spots[place + 1])
    if bits.bit_count() not in _TELLING:
        return None
    return int.from_bytes(bits.to_bytes(side, "big"), "big", signed=True)


def _open(content: bytes) -> Image.Image:
    if len(content) > PHOTO_LIMIT_MB * 1024 * 1024:
        raise FileTooBig(limit_mb=PHOTO_LIMIT_MB)
    try:
        with warnings.catch_warnings():
            # The size is judged below, before anything is unpacked; Pillow's own warning would come too late.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(content))
    except Image.DecompressionBombError as error:
        raise ImageTooLarge(limit_megapixels=PHOTO_LIMIT_MEGAPIXELS) from error
    except (UnidentifiedImageError, OSError, ValueError) as error:
        raise NotAPhoto from error
    if image.format not in FORMATS:
        raise NotAPhoto
    if image.width * image.height > PHOTO_LIMIT_MEGAPIXELS * 1_000_000:
        raise ImageTooLarge(limit_megapixels=PHOTO_LIMIT_MEGAPIXELS)
    try:
        image.load()
    except (OSError, ValueError, SyntaxError) as error:
        raise NotAPhoto from error
    return image


def verify(content: bytes) -> Picture:
    """Decode an image and return it with its bytes unchanged.

    Raises:
        FileTooBig, ImageTooLarge, NotAPhoto: it is over a limit, or no image.
    """
    image = _open(content)
    return Picture(
        content, Image.MIME.get(image.format or "", "application/octet-stream"), image.width, image.height
    )


def reencode(content: bytes) -> Picture:
    """Decode and write anew as JPEG, upright, long edge at most 2,560 px: nothing hidden survives.

    Raises like ``verify``.
    """
    image = ImageOps.exif_transpose(_open(content)).convert("RGB")
    image.thumbnail((PHOTO_LONG_EDGE_PX, PHOTO_LONG_EDGE_PX))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=88, optimize=True)
    return Picture(out.getvalue(), "image/jpeg", image.width, image.height, look_of(image))
