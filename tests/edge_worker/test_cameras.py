"""A camera gives a JPEG with its size, or says why not."""

import io
from pathlib import Path

import pytest
from PIL import Image

from edge_worker.cameras import open_camera
from edge_worker.errors import CameraError
from edge_worker.stills import COUNT, SIZE, render_stills

cv2 = pytest.importorskip("cv2")


def is_jpeg(content: bytes, size: tuple[int, int]) -> bool:
    with Image.open(io.BytesIO(content)) as picture:
        picture.load()
        return picture.format == "JPEG" and picture.size == size


def test_a_folder_of_stills_is_a_camera(stills: Path) -> None:
    frame = open_camera(f"folder:{stills}").frame()

    assert (frame.width, frame.height) == SIZE
    assert frame.jpeg in [path.read_bytes() for path in stills.iterdir()]
    assert frame.captured_at.tzinfo is not None


def test_a_single_picture_is_a_camera_and_comes_as_jpeg(tmp_path: Path) -> None:
    Image.new("RGBA", (40, 30), (1, 2, 3, 4)).save(tmp_path / "still.png")

    frame = open_camera(str(tmp_path / "still.png")).frame()

    assert is_jpeg(frame.jpeg, (40, 30))


def test_a_video_file_is_a_camera(tmp_path: Path) -> None:
    path = tmp_path / "chute.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 5.0, (64, 48))
    for _ in range(3):
        writer.write(cv2.UMat(48, 64, cv2.CV_8UC3, (10, 200, 30)).get())
    writer.release()

    frame = open_camera(str(path)).frame()

    assert (frame.width, frame.height) == (64, 48)
    assert is_jpeg(frame.jpeg, (64, 48))


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("folder:/nowhere", "camera_not_opened"),
        ("/nowhere/still.jpg", "camera_not_opened"),
        ("/dev/video77", "camera_not_opened"),
        ("77", "camera_not_opened"),
        ("/nowhere/film.mp4", "camera_not_opened"),
        ("rtsp://127.0.0.1:9/stream", "camera_not_opened"),
    ],
)
def test_a_camera_that_is_not_there(source: str, reason: str) -> None:
    with pytest.raises(CameraError) as caught:
        open_camera(source).frame()

    assert caught.value.reason == reason


def test_an_empty_folder_is_no_camera(tmp_path: Path) -> None:
    with pytest.raises(CameraError, match="no picture"):
        open_camera(str(tmp_path)).frame()


@pytest.mark.parametrize("name", ["still.jpg", "still.png"])
def test_a_broken_picture_is_said(tmp_path: Path, name: str) -> None:
    whole = tmp_path / f"whole{Path(name).suffix}"
    Image.effect_noise((200, 200), 50).save(whole)
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / name).write_bytes(whole.read_bytes()[:2000])

    with pytest.raises(CameraError) as caught:
        open_camera(f"folder:{tmp_path / 'broken'}").frame()

    assert caught.value.reason == "frame_unreadable"


def test_a_picture_that_would_unpack_to_gigabytes_is_not_unpacked(tmp_path: Path) -> None:
    Image.new("1", (9000, 9000)).save(tmp_path / "bomb.png")

    with pytest.raises(CameraError) as caught:
        open_camera(str(tmp_path / "bomb.png")).frame()

    assert caught.value.reason == "frame_unreadable"


def test_the_same_seed_draws_the_same_stills(stills: Path, tmp_path: Path) -> None:
    same = render_stills(tmp_path / "same", seed=1)
    other = render_stills(tmp_path / "other", seed=2)

    drawn = [path.read_bytes() for path in same]
    assert drawn == [path.read_bytes() for path in sorted(stills.iterdir())]
    assert len(set(drawn) | {path.read_bytes() for path in other}) == 2 * COUNT
