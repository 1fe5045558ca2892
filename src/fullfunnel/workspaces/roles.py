"""Who may do what in a workspace, and with other members' roles: asked by forms and actions alike."""

from fullfunnel.core.refused import Refused
from fullfunnel.workspaces.models import Membership, Role, User, Workspace
from fullfunnel.workspaces.scope import ADMINS, Roles

# Who acts; None: the program itself.
By = User | Membership | None
NO_ADMIN = "Only an owner or an admin of this workspace can do that."


def user_of(by: By) -> User | None:
    """Return the user who acts; None: nobody, or the command line."""
    return by.user if isinstance(by, Membership) else by


def reason_not_to_act(by: By, workspace_id: int, roles: Roles) -> Refused | None:
    """Return why `by` cannot do what these roles of the workspace may; None when they can, as the program itself always can.

    A Membership is believed as it was loaded; of a User the role is looked up.
    """
    of_user = Membership.objects.filter(workspace_id=workspace_id, user=user_of(by))
    member = of_user.first() if isinstance(by, User) else by
    if by is None or (member is not None and member.workspace_id == workspace_id and member.role in roles):
        return None
    return Refused(f"Only these roles of this workspace can do that: {', '.join(roles)}.")


def runs_installation(member: Membership) -> bool:
    """Whether this is an owner or admin of the oldest workspace: they decide what holds for all, such as the mail server."""
    oldest = Workspace.objects.order_by("created_at", "pk").first()
    return oldest is not None and member.workspace_id == oldest.pk and member.role in ADMINS


def roles_to_give(by: Membership) -> list[tuple[str, str]]:
    """Return (value, label) of the roles that a member may give to others."""
    return [(str(value), str(label)) for value, label in Role.choices if value != Role.OWNER or by.role == Role.OWNER]


def reason_not_to_give(role: str, workspace_id: int, *, by: Membership) -> Refused | None:
    """Return why `by` cannot give this role in that workspace; None when it can."""
    if by.workspace_id != workspace_id or by.role not in ADMINS:
        return Refused(NO_ADMIN)
    if role not in Role.values:
        return Refused(f"'{role}' is not one of {', '.join(Role.values)}.", "role")
    if role == Role.OWNER and by.role != Role.OWNER:
        return Refused("Only an owner can make somebody an owner.", "role")
    return None


def reason_not_to_change(membership: Membership, *, by: Membership) -> Refused | None:
    """Return why `by` can neither change nor remove that member; None when it can."""
    if membership.workspace_id != by.workspace_id:
        return Refused("That member is in another workspace.")
    if by.role not in ADMINS:
        return Refused(NO_ADMIN)
    if membership.role == Role.OWNER and by.role != Role.OWNER:
        return Refused("Only an owner can change or remove an owner.")
    return None
