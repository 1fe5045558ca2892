"""What may be done with the installation's mail server."""

from django.db import transaction

from fullfunnel.core.mail.models import MailServer, QueuedMail
from fullfunnel.core.mail.queue import Mail, queue_mail
from fullfunnel.core.mail.servers import ServerSaid, keep_server, remove_server
from fullfunnel.core.refused import Refused
from fullfunnel.workspaces.audit import record_audit
from fullfunnel.workspaces.models import Membership
from fullfunnel.workspaces.roles import runs_installation

TEST = "A test"
NOT_YOURS = "The mail server is set up by the owners and admins of this installation's first workspace."


@transaction.atomic
def set_mail_server(said: ServerSaid, *, links_to: str, by: Membership) -> MailServer | Refused:
    """Send this installation's mail through this server from now on. links_to: the address of these pages, in mails."""
    if not runs_installation(by):
        return Refused(NOT_YOURS)
    kept = keep_server(said, links_to=links_to)
    if isinstance(kept, Refused):
        return kept
    told = {"host": kept.host, "port": kept.port, "security": kept.security, "sender": kept.sender_address}
    record_audit(by.workspace, "set_mail_server", by=by, **told)
    return kept


@transaction.atomic
def remove_mail_server(server: MailServer, *, by: Membership) -> MailServer | Refused:
    """Send no mail any more; what waits is not sent, and the password is deleted."""
    if not runs_installation(by):
        return Refused(NOT_YOURS)
    remove_server()
    record_audit(by.workspace, "remove_mail_server", by=by, host=server.host)
    return server


@transaction.atomic
def queue_test_mail(server: MailServer, *, by: Membership) -> QueuedMail | Refused:
    """Queue a mail to whoever asks, and to nobody else."""
    if not runs_installation(by):
        return Refused(NOT_YOURS)
    text = (
        f"This is the test that you asked for in Settings, Mail of {by.workspace.name}.\n\n"
        f"It went through {server.host}. Links in mails lead to {server.links_to}\n"
    )
    mail = Mail(by.user.email, TEST, f"A test from {by.workspace.name}", text, workspace_id=by.workspace_id)
    return queue_mail(mail)
