"""The time limit of questions. A deadline is a moment of time.monotonic(), in seconds."""

MAX_SECONDS = 30.0


class QuestionTimeout(Exception):
    """A question ran past its deadline; the message is the sentence for whoever asked."""

    def __init__(self) -> None:
        super().__init__(
            "the question took longer than its time limit; ask about a shorter period or with fewer steps, or raise the limit"
        )
