"""What cannot be run as it was asked for."""


class Refusal(Exception):
    """One sentence for the user, who asked for something that is not there."""
