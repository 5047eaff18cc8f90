"""What can go wrong at the desk; an exception's docstring is its message, filled in from its arguments.

No message carries personal data: arguments are references, file names, dates and settings, never a requester's words.
"""

import inspect


class DeskError(Exception):
    """Something went wrong at the desk."""

    def __init__(self, **particulars: object) -> None:
        self.particulars = particulars
        message = (inspect.getdoc(type(self)) or "").replace(
            "\n", " "
        )  # a long docstring is folded, its message is not
        super().__init__(message.format(**particulars))


class ClockError(DeskError):
    """{reason}"""
