"""The kinds of notices, and how a member may be told of each. Free of Django."""

from dataclasses import dataclass

AT_ONCE, HERE, OFF = "at_once", "here", "off"
HOWS = {AT_ONCE: "Here and by mail, at once", HERE: "Only here", OFF: "Not at all"}

LEAD_ASSIGNED, LEAD_LATE, LEAD_AGED_OUT, TASK_DUE = "lead_assigned", "lead_late", "lead_aged_out", "task_due"
LEAK_FOUND, LEAK_GIVEN, WEEKLY = "leak_found", "leak_given", "weekly"


@dataclass(frozen=True)
class Kind:
    """usual: how members are told who have not chosen."""

    label: str
    usual: str


KINDS = {
    LEAD_ASSIGNED: Kind("A lead is given to me", AT_ONCE),
    LEAD_LATE: Kind("A lead of mine waits longer than promised", HERE),
    LEAD_AGED_OUT: Kind("A lead of mine aged out", HERE),
    TASK_DUE: Kind("A task of mine is due today", HERE),
    LEAK_FOUND: Kind("A leak of mine, or of nobody where I am an owner, is new or grows", HERE),
    LEAK_GIVEN: Kind("A leak is given to me", AT_ONCE),
    WEEKLY: Kind("Monday at 8: what costs most, and my leads to call (owners, marketers, sellers)", AT_ONCE),
}
