"""What happens to the work of members that rooms above keep, when one leaves or is away."""

# Paths of workspaces.team.hooks.Work: what a member looks after, and how it goes to somebody else.
WORK_OF_MEMBERS = ["fullfunnel.crm.assigning.leaving.WORK"]

# Paths of functions (workspace, user or None, what, *, by): told when working hours, holidays or absences change.
ON_CALENDARS = ["fullfunnel.crm.assigning.leaving.follow_calendars"]

# Paths of functions (hand_over, *, why, by): told, in the same transaction, that somebody has a hand-over now.
ON_ASSIGNED = ["fullfunnel.crm.noticing.telling.tell_owner"]
