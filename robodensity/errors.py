"""What a person at the command line is told."""


class Refusal(Exception):  # noqa: N818 - nothing went wrong inside; the person is told what to change
    """A command that can not go on: one sentence that names the thing, the reason and the next step."""
