"""Submissions follow their person (config/wiring/people.py)."""

from fullfunnel.forms.models import Submission
from fullfunnel.people.rows import Json, RowsOfPeople, written


def tell_submission(submission: Submission) -> Json:
    """Return a submission as `export person` writes it."""
    return {
        "submission": submission.public_id,
        "form": submission.form.name,
        "version": submission.version.number,
        "answers": submission.answers,
        "consents": submission.consents,
        "came": submission.came,
        "device": submission.device,
        "at": written(submission.sent_at),
    }


SUBMISSIONS = RowsOfPeople(Submission, tell_submission, with_related="form version")
