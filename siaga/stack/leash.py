"""Runs a program that ends when its parent ends, even by ``kill -9`` (Linux; elsewhere it just runs).

Used as a script, before anything is installed on the path:
``python -I -S leash.py <parent pid> <signal number> <user or -> <program> <argument>…``.
It becomes another user if asked, ties itself to the parent, and turns into the program.
"""

import ctypes
import os
import pwd
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Become the program named on the command line."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # asked to end already: without Python's traceback
    parent, signal_number, user, *program = sys.argv[1:]
    if user != "-":
        entry = pwd.getpwnam(user)
        os.setgroups([])
        os.setgid(entry.pw_gid)
        os.setuid(entry.pw_uid)
    if sys.platform == "linux":
        # After the change of user, since the kernel forgets the wish with it.
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal_number), 0, 0, 0)
        if os.getppid() != int(parent):
            sys.exit("the parent has ended already")
    os.execv(program[0], program)  # noqa: S606 - turning into the given program is the purpose


if __name__ == "__main__":
    main()
