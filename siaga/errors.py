"""What a person at the command line can put right."""


class CommandError(Exception):
    """A command cannot be carried out; the message is one sentence that says why and what to do."""
