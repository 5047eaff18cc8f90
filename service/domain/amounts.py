"""Time and money in a letter's words."""

from decimal import Decimal


def duration(minutes: Decimal) -> str:
    """Minutes as a letter says them: 16 hours 40 minutes."""
    hours, rest = divmod(minutes, 60)
    said = [f"{hours:,.0f} hour{'' if hours == 1 else 's'}"] if hours else []
    if rest or not said:
        said.append(f"{plain(rest)} minute{'' if rest == 1 else 's'}")
    return " ".join(said)


def money(pence: Decimal) -> str:
    """Pence as pounds: £450, £416.67."""
    pounds = pence / 100
    return f"£{pounds:,.0f}" if pounds == pounds.to_integral_value() else f"£{pounds:,.2f}"


def plain(number: Decimal) -> str:
    """A number without needless zeros: 5, 2.5."""
    return f"{number.normalize():f}"
