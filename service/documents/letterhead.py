"""What stands around the words of a letter when it becomes a document."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Whose letter it is: the authority's name, the lines under it, and the colour of its name (#rrggbb).

    `language` and `region` are those of the letter's words (ISO 639-1, ISO 3166-1).
    """

    authority: str
    sender: tuple[str, ...]
    reference: str
    written_on: date
    colour: str = "#000000"
    language: str = "en"
    region: str = "GB"
