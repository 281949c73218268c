"""What a push that can not go on tells: what is wrong, where, and what to do."""


class PushRefused(Exception):  # noqa: N818 - nothing went wrong inside; the person is told what to change
    """Nothing was written: one sentence or more, the last one the next step."""


class PushInterrupted(Exception):  # noqa: N818 - as above
    """Some was written, and the next push completes it."""
