"""What may be done with people. Each writes its rows, its event and its audit entry in one transaction, or returns Refused."""

from fullfunnel.people.actions.companies import (
    add_company_domain,
    assign_company,
    change_company,
    create_company,
    remove_company_domain,
    verify_company_domain,
)
from fullfunnel.people.actions.describing import change_consent, change_trait, identify_person, link_company
from fullfunnel.people.actions.erasing import forget_person
from fullfunnel.people.actions.merging import decide_proposal, merge_people, unmerge_people

__all__ = [
    "add_company_domain",
    "assign_company",
    "change_company",
    "change_consent",
    "change_trait",
    "create_company",
    "decide_proposal",
    "forget_person",
    "identify_person",
    "link_company",
    "merge_people",
    "remove_company_domain",
    "unmerge_people",
    "verify_company_domain",
]
