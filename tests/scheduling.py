"""Which tests run in the same process when several run at once."""

from xdist.scheduler import LoadScopeScheduling

TOGETHER = {
    "tests/e2e/test_browser.py": "the site",
    "tests/e2e/test_outages.py": "the site",
    "tests/siaga/test_doctor.py": "the standing stack",
    "tests/siaga/test_stack.py": "the standing stack",
}
"""Files whose tests share a fixture that starts many processes; each such group begins first."""


class Scheduling(LoadScopeScheduling):  # type: ignore[misc]
    """Hands out test by test, in order, to whoever is free; a group goes to one process as a whole."""

    def _split_scope(self, nodeid: str) -> str:
        return TOGETHER.get(nodeid.partition("::")[0], nodeid)
