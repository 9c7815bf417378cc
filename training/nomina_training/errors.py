"""The one error that is the user's to mend: shown as one line, without a traceback."""


class UsageError(Exception):
    """A wrong configuration, a missing file or a model that does not fit; its text says what to do."""
