"""The box needs neither the server's packages nor, until it looks at a frame, the heavy ones."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent

LOOK = """
import sys
import edge_worker.main, edge_worker.setup, edge_worker.stills
print(*sorted({name.split(".")[0] for name in sys.modules}))
"""
SERVER = {"alembic", "asyncpg", "fastapi", "jinja2", "sqlalchemy", "telegram", "uvicorn"}
ROOMS = {"activities", "bot", "db", "siaga", "webhooks", "workflows"}
HEAVY = {"cv2", "numpy", "torch", "ultralytics"}


def test_the_edge_imports_none_of_the_servers_packages_and_nothing_heavy() -> None:
    done = subprocess.run([sys.executable, "-c", LOOK], capture_output=True, check=True, cwd=ROOT, text=True)

    assert set(done.stdout.split()) & (SERVER | ROOMS | HEAVY) == set()


def test_the_service_keeps_its_files_to_itself_and_comes_back() -> None:
    unit = (ROOT / "edge_worker" / "siaga-edge.service").read_text()

    for line in ("StateDirectoryMode=0700", "UMask=0077", "Restart=always", "User=siaga-edge"):
        assert line in unit.splitlines()
