"""Mails to our users whose text is about somebody follow that person; core, which keeps them, knows no people."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from fullfunnel.core.mail.models import QueuedMail
from fullfunnel.core.mail.queue import erase_mails_about, give_mails, mails_about
from fullfunnel.people.models import Merge, Person
from fullfunnel.people.rows import Json, written


class RowsOfMails:
    """What people.following.Rows asks, over a plain number instead of a foreign key."""

    models = [QueuedMail]

    def follow_merges(self, merges: Sequence[Merge]) -> Mapping[int, list[int]]:
        holder = dict(mails_about({merge.loser_id for merge in merges}).values_list("pk", "person_id"))
        moved: dict[int, list[int]] = defaultdict(list)
        for merge in merges if holder else ():
            for mail in [mail for mail, person in holder.items() if person == merge.loser_id]:
                holder[mail] = merge.winner_id
                moved[merge.pk].append(mail)
        for winner in {person for person in holder.values() if person is not None}:
            give_mails([mail for mail, person in holder.items() if person == winner], to=winner)
        return moved

    def give_back(self, merge: Merge, moved: Sequence[int]) -> None:
        still = mails_about([merge.winner_id]).filter(pk__in=moved)
        give_mails(list(still.values_list("pk", flat=True)), to=merge.loser_id)

    def erase(self, people: Collection[int]) -> None:
        erase_mails_about(people)

    def tell(self, people: Collection[int], moved: Sequence[tuple[str, Sequence[int]]]) -> list[Json]:
        names = dict(Person.objects.filter(pk__in=people).values_list("pk", "public_id"))
        # A mail that moved twice was written about the first who lost it.
        loser = {mail: person for person, mails in reversed(moved) for mail in mails}
        return [
            {
                "person": loser.get(mail.pk, names[mail.person_id or 0]),
                "mail": mail.public_id,
                "what": mail.what,
                "outcome": mail.state,
                "at": written(mail.queued_at),
            }
            for mail in mails_about(people)
        ]


MAILS = RowsOfMails()
