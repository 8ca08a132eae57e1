"""Pictures for a simulated box: what the camera over the chute sees, drawn with Pillow."""

import math
import random
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter

SIZE = (1280, 720)
COUNT = 4
_PLASTICS = ((196, 226, 236), (150, 205, 170), (176, 200, 236))
_LABELS = ((196, 40, 44), (24, 98, 168), (232, 150, 24), (28, 128, 76))
_CAPS = ((240, 240, 240), (30, 90, 190), (200, 30, 40), (20, 130, 70))


def render_stills(folder: Path, seed: int) -> list[Path]:
    """Draw four stills of one machine's chute, each with a bottle; the same seed gives the same pictures.

    Raises ``OSError``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    chance = random.Random(seed)  # noqa: S311 - draws pictures
    chute = _chute(chance)
    paths = []
    for number in range(1, COUNT + 1):
        picture = _lit(_with_bottle(chute, chance), chance)
        path = folder / f"still-{number}.jpg"
        picture.save(path, "JPEG", quality=88)
        paths.append(path)
    return paths


def _chute(chance: random.Random) -> Image.Image:
    """Draw the empty chute: brushed metal walls, a belt with ribs, screws."""
    width, height = SIZE
    tint = chance.randint(-12, 12)
    metal = _noise(chance, 64).resize((width, height // 24)).resize(SIZE)
    wall = Image.merge(
        "RGB", [metal.point(lambda value, add=add: value // 3 + 100 + add) for add in (0, 2, tint)]
    )
    draw = ImageDraw.Draw(wall)
    belt = [(250, 0), (1030, 0), (1140, height), (140, height)]
    draw.polygon(belt, fill=(46, 48, 52))
    for step in range(24):
        # Ribs stand further apart the nearer they are to the camera.
        at = height * (step / 24) ** 1.35
        lean = at / height * 110
        draw.line([(250 - lean, at), (1030 + lean, at)], fill=(62, 64, 68), width=3 + step // 5)
    for left, right in (((250, 0), (140, height)), ((1030, 0), (1140, height))):
        draw.line([left, right], fill=(176, 180, 184), width=12)
        draw.line([(left[0] + 9, left[1]), (right[0] + 9, right[1])], fill=(24, 25, 27), width=6)
    for x in (80, 1200):
        for y in range(90, height, 180):
            draw.ellipse(
                [x - 13, y - 13, x + 13, y + 13], fill=(150, 153, 156), outline=(70, 72, 74), width=2
            )
            turn = chance.uniform(0, math.pi)
            dx, dy = 9 * math.cos(turn), 9 * math.sin(turn)
            draw.line([(x - dx, y - dy), (x + dx, y + dy)], fill=(70, 72, 74), width=3)
    return wall.filter(ImageFilter.GaussianBlur(1.2))


def _with_bottle(chute: Image.Image, chance: random.Random) -> Image.Image:
    """Lay a bottle on the belt, turned and moved by chance, with its shadow."""
    bottle, shape = _bottle(chance)
    turn = chance.uniform(-70, 70)
    size = chance.uniform(0.85, 1.1)
    small = (int(bottle.width * size), int(bottle.height * size))
    bottle, shape = (
        one.resize(small).rotate(turn, expand=True, resample=Image.Resampling.BICUBIC)
        for one in (bottle, shape)
    )
    left = SIZE[0] // 2 - bottle.width // 2 + chance.randint(-120, 120)
    top = SIZE[1] // 2 - bottle.height // 2 + chance.randint(-60, 60)
    picture = chute.copy()
    shadow = Image.new("L", SIZE)
    shadow.paste(shape.point(lambda value: value * 150 // 255), (left + 18, top + 24))
    picture.paste((10, 10, 12), mask=shadow.filter(ImageFilter.GaussianBlur(14)))
    picture.paste(bottle, (left, top), shape.point(lambda value: value * 225 // 255))
    return picture


def _bottle(chance: random.Random) -> tuple[Image.Image, Image.Image]:
    """Draw a bottle that lies on its side, and the mask of its shape."""
    plastic, label, cap = chance.choice(_PLASTICS), chance.choice(_LABELS), chance.choice(_CAPS)
    width, height = 560, 190
    shape = Image.new("L", (width, height))
    outline = ImageDraw.Draw(shape)
    outline.rounded_rectangle([4, 10, 380, height - 10], radius=34, fill=255)
    outline.polygon([(350, 10), (470, 66), (470, height - 66), (350, height - 10)], fill=255)
    outline.rectangle([460, 68, 516, height - 68], fill=255)
    outline.rounded_rectangle([506, 58, 552, height - 58], radius=8, fill=255)
    shape = shape.filter(ImageFilter.GaussianBlur(1.5))
    bottle = Image.new("RGB", (width, height), plastic)
    draw = ImageDraw.Draw(bottle)
    for x in range(24, 120, 18):
        draw.line([(x, 0), (x, height)], fill=tuple(value - 34 for value in plastic), width=4)
    draw.rectangle([130, 0, 330, height], fill=label)
    draw.rectangle([130, height // 2 - 26, 330, height // 2 + 26], fill=(244, 244, 240))
    for x in range(150, 310, 26):
        draw.line([(x, height // 2 - 12), (x + 14, height // 2 + 12)], fill=label, width=7)
    draw.rectangle([504, 0, width, height], fill=cap)
    for x in range(508, width, 7):
        draw.line([(x, 0), (x, height)], fill=tuple(max(0, value - 40) for value in cap), width=2)
    return ImageChops.multiply(bottle, _roundness(width, height)), shape


def _roundness(width: int, height: int) -> Image.Image:
    """Return the light on a lying cylinder: dark at its edges, one bright stripe above the middle."""
    column = Image.new("L", (1, height))
    for y in range(height):
        across = y / (height - 1)
        round_light = 0.42 + 0.58 * math.sin(math.pi * across) ** 0.7
        stripe = 0.5 * math.exp(-(((across - 0.3) / 0.05) ** 2))
        column.putpixel((0, y), min(255, int(255 * (round_light + stripe))))
    return column.resize((width, height)).convert("RGB")


def _lit(picture: Image.Image, chance: random.Random) -> Image.Image:
    """Add the lamp's falling off towards the corners, a camera's softness and its noise."""
    light = Image.radial_gradient("L").resize(SIZE).point(lambda value: 255 - value * 3 // 5)
    lit = ImageChops.multiply(picture, light.convert("RGB")).filter(ImageFilter.GaussianBlur(0.8))
    grain = _noise(chance, 40).convert("RGB")
    return Image.blend(lit, ImageChops.overlay(lit, grain), 0.55)


def _noise(chance: random.Random, strength: int) -> Image.Image:
    """Return grey noise round 128; Pillow's own cannot be repeated."""
    noise = Image.frombytes("L", SIZE, chance.randbytes(SIZE[0] * SIZE[1]))
    return noise.point(lambda value: 128 + (value - 128) * strength // 128)
