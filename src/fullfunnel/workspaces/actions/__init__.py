"""What may be done with workspaces, their members, sources and keys.

Each returns what it made or changed, or Refused with a sentence, and writes to the audit trail in the same transaction.
What shows a secret once returns (row, secret).
"""

from fullfunnel.workspaces.actions.arrivals import record_arrivals, record_repeats
from fullfunnel.workspaces.actions.brands import remove_logo, set_brand, set_logo
from fullfunnel.workspaces.actions.exchange import import_rates, remove_rate, set_rate
from fullfunnel.workspaces.actions.invitations import accept_invitation, invite_member, withdraw_invitation
from fullfunnel.workspaces.actions.keys import (
    create_api_key,
    create_source,
    provide_source,
    revoke_api_key,
    revoke_write_key,
    rotate_write_key,
)
from fullfunnel.workspaces.actions.mail import queue_test_mail, remove_mail_server, set_mail_server
from fullfunnel.workspaces.actions.members import change_role, pin_page, remove_member, unpin_page
from fullfunnel.workspaces.actions.opening import open_installation
from fullfunnel.workspaces.actions.passwords import make_password_link, replace_password, send_password_link
from fullfunnel.workspaces.actions.sight import set_sight
from fullfunnel.workspaces.actions.team import (
    add_holidays,
    create_team,
    enter_absence,
    remove_absence,
    remove_holiday,
    remove_team,
    set_hours,
    set_share,
    use_common_hours,
)
from fullfunnel.workspaces.actions.texts import reset_text, set_text
from fullfunnel.workspaces.actions.users import (
    change_password,
    change_preferences,
    choose_theme,
    create_user,
    set_password,
)
from fullfunnel.workspaces.actions.workspaces import (
    change_settings,
    create_workspace,
    set_how_you_sell,
    set_what_counts,
)

__all__ = [
    "accept_invitation",
    "add_holidays",
    "change_password",
    "change_preferences",
    "change_role",
    "change_settings",
    "choose_theme",
    "create_api_key",
    "create_source",
    "create_team",
    "create_user",
    "create_workspace",
    "enter_absence",
    "import_rates",
    "invite_member",
    "make_password_link",
    "open_installation",
    "pin_page",
    "provide_source",
    "queue_test_mail",
    "record_arrivals",
    "record_repeats",
    "remove_absence",
    "remove_holiday",
    "remove_logo",
    "remove_mail_server",
    "remove_member",
    "remove_rate",
    "remove_team",
    "replace_password",
    "reset_text",
    "revoke_api_key",
    "revoke_write_key",
    "rotate_write_key",
    "send_password_link",
    "set_brand",
    "set_hours",
    "set_how_you_sell",
    "set_logo",
    "set_mail_server",
    "set_password",
    "set_rate",
    "set_share",
    "set_sight",
    "set_text",
    "set_what_counts",
    "unpin_page",
    "use_common_hours",
    "withdraw_invitation",
]
