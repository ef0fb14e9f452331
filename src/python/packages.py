"""Entry of a question: which of the packages named as arguments this interpreter lacks, as one JSON list on standard output."""

from __future__ import annotations

import json
import sys
from importlib.metadata import PackageNotFoundError, distribution


def is_missing(name: str) -> bool:
    """Whether nothing of that name is installed."""
    try:
        distribution(name)
    except PackageNotFoundError:
        return True
    return False


if __name__ == "__main__":
    print(json.dumps([name for name in sys.argv[1:] if is_missing(name)]))
