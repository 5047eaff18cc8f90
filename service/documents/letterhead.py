"""What stands around the words of a letter when it becomes a document."""

from dataclasses import dataclass
from datetime import date

from service.logo import Logo


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Whose letter it is: the authority's name, the lines under it, the colour of its name (#rrggbb) and its logo.

    `language` and `region` are those of the letter's words (ISO 639-1, ISO 3166-1).
    """

    authority: str
    sender: tuple[str, ...]
    reference: str
    written_on: date
    colour: str = "#000000"
    logo: Logo | None = None
    language: str = "en"
    region: str = "GB"
