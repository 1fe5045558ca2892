"""What the tests of messaging share. Rooms are imported in the fixtures: pytest reads this file before Django is set up."""

import pytest


@pytest.fixture
def note(workspace):
    """The topic *Monthly note*."""
    from fullfunnel.messaging.actions import create_topic

    return create_topic(workspace, name="Monthly note", says="One mail a month", by=None)


@pytest.fixture
def can_mail(db):
    """A relay is set up, on which nobody listens: mails stay in the queue."""
    from tests.kit.mail import set_up_mail

    set_up_mail(2525)


@pytest.fixture
def known(ada):
    """Ada, who said who she is."""
    ada.identifies("ada-1", email="ada@acme.example", name="Ada")
    return ada.person
