"""Parts of our addresses."""

from werkzeug.routing import IntegerConverter, Map

LARGEST = 2**63 - 1


class Key(IntegerConverter):
    """The key of a row; a number that does not fit the databases' integers is no address of ours."""

    def __init__(self, map: Map) -> None:  # noqa: A002 - werkzeug's own name
        super().__init__(map, max=LARGEST)


CONVERTERS = {"key": Key}
