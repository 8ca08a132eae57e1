"""The house rules that a machine can hold: directions, sizes, names, and what must not stand in a file."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).parent.parent
ROOMS = ("activities", "bot", "db", "domain", "edge_worker", "siaga", "webhooks", "workflows")
FILE_LINES = 300
FUNCTION_LINES = 50
RUN_LINES = 40
HANDLER_LINES = 25

LARGER_FILES: dict[str, str] = {
    "db/migrations/versions/": "a migration is one list of statements and is never edited again",
}
"""Beginning of a path → why it may be larger than the guide size."""

LARGER_FUNCTIONS: dict[str, str] = {
    "db/migrations/versions/": "a migration is one list of statements and is never edited again",
}
"""Beginning of ``path::function`` → why it may be larger."""

MAY_READ_THE_ENVIRONMENT = {
    "siaga/settings.py": "the one place",
    "edge_worker/settings.py": "the edge installs without the server",
    "edge_worker/detectors/ultralytics.py": "the library takes its switches from there and no other way",
    "siaga/stack/supervisor.py": "a child inherits what its parent was given",
}
FORBIDDEN_NAMES = {"utils.py", "const.py", "constants.py", "helpers.py", "strings.py", "common.py", "misc.py"}
LEFT_OPEN = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "X" * 3]) + r")\b")
REGISTRY = re.compile("|".join(["py" + r"pi\.org", "python" + r"hosted\.org", "npm" + r"js\.(org|com)"]))


def repository_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],  # noqa: S607 - whichever git there is
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return [path for name in listed.stdout.splitlines() if (path := ROOT / name).is_file()]


FILES = repository_files()
PYTHON = [path for path in FILES if path.suffix == ".py"]
PRODUCT = [path for path in PYTHON if path.relative_to(ROOT).parts[0] in ROOMS]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def is_excepted(name: str, exceptions: dict[str, str]) -> bool:
    return any(name.startswith(beginning) for beginning in exceptions)


def functions(path: Path) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{name_of(path)}::{node.name}", node


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_rooms_import_only_in_the_direction_of_the_design(capsys: pytest.CaptureFixture[str]) -> None:
    code = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)

    assert code == 0, capsys.readouterr().out


@pytest.fixture(scope="module")
def imports() -> grimp.ImportGraph:
    return grimp.build_graph(*ROOMS, cache_dir=None)


def test_the_simulator_imports_nothing_of_ours(imports: grimp.ImportGraph) -> None:
    simulator = {"siaga.simulator", *imports.find_descendants("siaga.simulator")}

    foreign = {
        f"{module} imports {imported}"
        for module in simulator
        for imported in imports.find_modules_directly_imported_by(module)
        if imported not in simulator
    }

    assert foreign == set()


def test_only_activities_move_lifecycles(imports: grimp.ImportGraph) -> None:
    moves = {"db.moves", *imports.find_descendants("db.moves")}

    importers = {
        module
        for moved in moves
        for module in imports.find_modules_that_directly_import(moved)
        if module not in moves and not module.startswith("activities.")
    }

    assert importers == set()


def test_files_keep_to_the_guide_size() -> None:
    larger = {
        name_of(path): lines
        for path in PYTHON
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > FILE_LINES
        and not is_excepted(name_of(path), LARGER_FILES)
    }

    assert larger == {}


def test_functions_keep_to_the_guide_size() -> None:
    larger = {
        name: length(node)
        for path in PYTHON
        for name, node in functions(path)
        if length(node) > limit_of(name) and not is_excepted(name, LARGER_FUNCTIONS)
    }

    assert larger == {}


def limit_of(name: str) -> int:
    if name.startswith("workflows/") and name.endswith("::run"):
        return RUN_LINES
    return HANDLER_LINES if name.startswith("bot/handlers/") else FUNCTION_LINES


def test_every_exception_to_a_size_is_still_needed() -> None:
    large_files = [
        name_of(path) for path in PYTHON if len(path.read_text(encoding="utf-8").splitlines()) > FILE_LINES
    ]
    large_functions = [
        name for path in PYTHON for name, node in functions(path) if length(node) > limit_of(name)
    ]

    unneeded = [
        beginning
        for exceptions, found in ((LARGER_FILES, large_files), (LARGER_FUNCTIONS, large_functions))
        for beginning in exceptions
        if not any(name.startswith(beginning) for name in found)
    ]

    assert unneeded == []


def test_package_files_are_empty() -> None:
    filled = [name_of(path) for path in PYTHON if path.name == "__init__.py" and path.read_text().strip()]

    assert filled == []


def test_no_file_is_named_after_nothing() -> None:
    assert [name_of(path) for path in PYTHON if path.name in FORBIDDEN_NAMES] == []


def test_only_settings_read_the_environment() -> None:
    readers = [
        name_of(path)
        for path in PRODUCT
        if re.search(r"\bos\.(environ|getenv)\b", path.read_text(encoding="utf-8"))
        and name_of(path) not in MAY_READ_THE_ENVIRONMENT
    ]

    assert readers == []


def test_nothing_is_left_open_and_no_registry_or_local_path_is_named() -> None:
    here = f"{ROOT}/"
    found = []
    for path in FILES:
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:  # a picture, a model
            continue
        if path.suffix == ".py" and LEFT_OPEN.search(text):
            found.append(f"{name_of(path)}: something is left open")
        if REGISTRY.search(text):
            found.append(f"{name_of(path)}: names a registry")
        if here in text:
            found.append(f"{name_of(path)}: names a path of this machine")

    assert found == []
