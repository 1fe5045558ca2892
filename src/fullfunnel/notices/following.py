"""Notices follow the person whom they name (config/wiring/people.py)."""

from fullfunnel.notices.models import Notice
from fullfunnel.people.rows import Json, RowsOfPeople, written


def tell_notice(notice: Notice) -> Json:
    """Return a notice as `export person` writes it."""
    return {
        "notice": notice.public_id, "kind": notice.kind, "sentence": notice.sentence,
        "to": notice.member.user.public_id, "at": written(notice.told_at),
    }  # fmt: skip


NOTICES = RowsOfPeople(Notice, tell_notice, with_related="member__user")
