"""The one way a run ends early."""


class Cancelled(Exception):  # noqa: N818 - an outcome, not an error
    """The user stopped the run; state is consistent up to the last finished chunk."""
