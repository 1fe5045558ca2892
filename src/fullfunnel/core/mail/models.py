import secrets

from django.db import models

from fullfunnel.core import clock
from fullfunnel.core.public_ids import new_public_id


class Security(models.TextChoices):
    STARTTLS = "starttls", "STARTTLS (usual on port 587)"
    TLS = "tls", "TLS from the start (usual on port 465)"
    NONE = "none", "None (a relay on this machine)"


class MailServer(models.Model):
    """The relay that takes this installation's mail, and who it says it is from. One row at most."""

    host = models.CharField(max_length=253)
    port = models.PositiveIntegerField(default=587)
    security = models.CharField(max_length=10, choices=Security.choices, default=Security.STARTTLS)
    username = models.CharField(max_length=254, blank=True)
    sealed_password = models.TextField(blank=True, help_text="core.mail.sealing; empty: none is asked")
    sender_name = models.CharField(max_length=100, blank=True)
    sender_address = models.CharField(max_length=254)
    links_to = models.CharField(max_length=200, help_text="address of these pages in links, without / at its end")
    changed_at = models.DateTimeField(default=clock.now)


class MailState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    HANDING_OVER = "handing_over", "Being handed over"
    SENT = "sent", "Sent"
    NOT_SENT = "not_sent", "Not sent"
    UNCERTAIN = "uncertain", "Uncertain"


class QueuedMail(models.Model):
    """One mail to one address. Once it has an outcome only this is kept, for 30 days: to whom, what it was, and why."""

    # Plain numbers, for core knows neither workspaces nor people. Null: of the installation; about nobody.
    workspace_id = models.BigIntegerField(null=True)
    person_id = models.BigIntegerField(null=True, db_index=True)
    public_id = models.CharField(max_length=32, unique=True, default=new_public_id)
    what = models.CharField(max_length=60, help_text="what it is, in words; names nobody")
    recipient = models.CharField(max_length=254)
    subject = models.CharField(max_length=300, blank=True, help_text="emptied with the outcome, as the text is")
    text = models.TextField(blank=True)
    # Random, made once: a mail that is handed over again is known as the same.
    message_key = models.CharField(max_length=40, unique=True, default=secrets.token_hex)
    state = models.CharField(max_length=12, choices=MailState.choices, default=MailState.WAITING)
    answer = models.CharField(max_length=500, blank=True, help_text="what the server said last, or why it was not sent")
    tries = models.PositiveIntegerField(default=0)
    queued_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField(default=clock.now)
    late_at = models.DateTimeField(help_text="from then on it is of no use")
    changed_at = models.DateTimeField(default=clock.now, help_text="when it got its state")

    class Meta:
        indexes = [
            models.Index(fields=["state", "due_at", "id"], name="mail_due"),
            models.Index(fields=["workspace_id", "-id"], name="mail_of_workspace"),
            models.Index(fields=["recipient", "what", "queued_at"], name="mail_to"),
        ]
