"""What the lookers raise where they cannot look."""

from service.errors import DeskError


class CannotLook(DeskError):
    """{reason}"""
