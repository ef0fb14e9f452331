"""Reads rows of a measurement, some of which are wrong: a map of which some inputs fail.

Map `parse_row` over the numbers 0 to 23, or over rows of your own.
"""

from datetime import date

import modal

app = modal.App("flaky")

STATIONS = {"OSL": "Oslo", "LIS": "Lisbon", "NBO": "Nairobi", "DEL": "Delhi"}
ROWS = [
    "2024-01-14;OSL;-12.4",
    "2024-01-14;LIS;14.9",
    "2024-01-14;NBO;24.0",
    "2024-01-14;DEL;7,5",
    "2024-02-30;OSL;-3.1",
    "2024-03-01;XYZ;11.2",
    "2024-03-01;LIS",
    "2024-03-01;NBO;240",
]


@app.function()
def parse_row(row: "str | int") -> "dict[str, str | float]":
    """One row, as text or by its number, with its three fields checked. Raises ValueError for a row that is wrong."""
    text = ROWS[row % len(ROWS)] if isinstance(row, int) else row
    fields = text.split(";")
    if len(fields) != 3:
        raise ValueError(f"The row {text!r} has {len(fields)} fields; it needs a date, a station and a temperature.")
    day, station, temperature = fields
    if station not in STATIONS:
        raise ValueError(f"There is no station {station!r}; there are {', '.join(STATIONS)}.")
    return {
        "date": date.fromisoformat(day).isoformat(),
        "station": STATIONS[station],
        "celsius": parse_temperature(temperature),
    }


def parse_temperature(text: str) -> float:
    """Degrees Celsius, in the range that a weather station can measure."""
    try:
        celsius = float(text)
    except ValueError as error:
        raise ValueError(f"The temperature {text!r} is not a number; write it with a point, such as 7.5.") from error
    if not -90 <= celsius <= 60:
        raise ValueError(f"{celsius:g} degrees Celsius cannot be right; the unit may be missing.")
    return celsius
