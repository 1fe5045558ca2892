"""What may be done with people. Each writes its rows, its event and its audit entry in one transaction, or returns Refused."""

from fullfunnel.people.actions.describing import change_consent, change_trait, identify_person, link_company
from fullfunnel.people.actions.erasing import forget_person
from fullfunnel.people.actions.merging import decide_proposal, merge_people, unmerge_people

__all__ = [
    "change_consent",
    "change_trait",
    "decide_proposal",
    "forget_person",
    "identify_person",
    "link_company",
    "merge_people",
    "unmerge_people",
]
