"""Record the histories anew: ``python -m tests.replay.record [pytest options]``.

Needed when a workflow's commands change on purpose and no run of the former code is alive any more; while
some are, the change goes behind ``workflow.patched`` and the former history stays beside the new one.
"""

import sys

import pytest

if __name__ == "__main__":
    sys.exit(pytest.main(["tests/workflows", "-m", "outcome", "-p", "tests.replay.recorder", *sys.argv[1:]]))
