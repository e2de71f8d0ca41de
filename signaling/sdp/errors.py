"""What is wrong with a session description, as one sentence that can be shown to its author."""


class SdpError(Exception):
    """A description that cannot be parsed or served; `line_number` (from 1) where one line is to blame."""

    def __init__(self, message: str, line_number: int | None = None) -> None:
        super().__init__(message if line_number is None else f"line {line_number}: {message}")
        self.line_number = line_number
