"""What the readers of containers raise; whoever asked them keeps the container as a file."""

from service.errors import DeskError


class ContainerFault(DeskError):
    """The container cannot be opened: {what}."""
