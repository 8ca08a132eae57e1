"""The photos of a report: three to a row, each as high as it needs, with caption, time and resemblance."""

import io
from collections.abc import Mapping, Sequence

from PIL import Image, ImageOps

from db.papers.sheet import MUTED, TINT, WARN, Sheet
from db.papers.words import Words
from db.queries.reports import ReportedPhoto

_COLUMNS = 3
_GAP = 5.0
_HIGH = 64.0
"""How high a photo stands at most, in millimetres."""
_LONG_EDGE_PX = 1000
"""300 dots an inch at the size it is printed."""
_CAPTION_MOST = 240
_TEXT = "report"


class PhotoPages:
    """Writes sections of photos; ``pictures`` are by SHA-256, one that is missing is said so."""

    def __init__(self, sheet: Sheet, words: Words, zone: str, pictures: Mapping[str, bytes]) -> None:
        self._sheet, self._words, self._zone, self._pictures = sheet, words, zone, pictures
        self._wide = (sheet.epw - (_COLUMNS - 1) * _GAP) / _COLUMNS

    def section(self, title: str, photos: Sequence[ReportedPhoto]) -> None:
        """Write a heading and the photos, or that there are none; a row is never cut by the end of a page."""
        sheet = self._sheet
        sheet.heading(self._words(_TEXT, title, count=len(photos)), keep_mm=_HIGH + 30 if photos else 24)
        if not photos:
            sheet.write_lines(self._words(_TEXT, "no_photos"), 10, MUTED)
        for number in range(0, len(photos), _COLUMNS):
            self._row(photos[number : number + _COLUMNS])

    def _row(self, photos: Sequence[ReportedPhoto]) -> None:
        sheet = self._sheet
        row = [(photo, self._picture(photo)) for photo in photos]
        high = max(self._size(picture)[1] for _, picture in row)
        words = max(sheet.height_of(_caption(photo), 9, width=self._wide) for photo, _ in row)
        sheet.need(high + words + 12)
        top = bottom = sheet.y + 1
        for column, (photo, picture) in enumerate(row):
            left = sheet.l_margin + column * (self._wide + _GAP)
            self._draw(picture, left, top)
            sheet.set_y(top + self._size(picture)[1] + 1.5)
            self._say(photo, left)
            bottom = max(bottom, sheet.y)
        sheet.set_y(bottom + 3)

    def _picture(self, photo: ReportedPhoto) -> Image.Image | None:
        content = self._pictures.get(photo.sha256)
        if content is None:
            return None
        picture = ImageOps.exif_transpose(Image.open(io.BytesIO(content))).convert("RGB")
        picture.thumbnail((_LONG_EDGE_PX, _LONG_EDGE_PX))
        return picture

    def _size(self, picture: Image.Image | None) -> tuple[float, float]:
        """Return how wide and high a picture is printed, in millimetres."""
        if picture is None:
            return self._wide, self._wide * 0.75
        scale = min(self._wide / picture.width, _HIGH / picture.height)
        return picture.width * scale, picture.height * scale

    def _draw(self, picture: Image.Image | None, left: float, top: float) -> None:
        sheet = self._sheet
        if picture is not None:
            out = io.BytesIO()
            picture.save(out, "JPEG", quality=80)
            sheet.image(out, left, top, *self._size(picture))
            return
        wide, high = self._size(None)
        sheet.set_fill_color(*TINT)
        sheet.rect(left, top, wide, high, style="F")
        sheet.type(9, MUTED)
        sheet.set_xy(left, top + high / 2 - 2)
        sheet.cell(self._wide, 4, self._words(_TEXT, "photo_gone"), align="C")

    def _say(self, photo: ReportedPhoto, left: float) -> None:
        sheet, wide = self._sheet, self._wide
        when = self._words.moment(photo.taken_at, self._zone)
        said = f"{when} · {photo.sent_by}" if photo.sent_by else when
        sheet.write_lines(said, 8, MUTED, width=wide, left=left)
        if photo.caption:
            sheet.write_lines(_caption(photo), 9, width=wide, left=left)
        if photo.similar_to is not None:
            similar = self._words(_TEXT, "similar", task=photo.similar_to)
            sheet.write_lines(similar, 8.5, WARN, bold=True, width=wide, left=left)


def _caption(photo: ReportedPhoto) -> str:
    return photo.caption if len(photo.caption) <= _CAPTION_MOST else photo.caption[: _CAPTION_MOST - 1] + "…"
