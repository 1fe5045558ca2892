"""What the tests of sales share: Ada and Ben of Acme, and a hand-over of Ada that waits.

Rooms are imported in the fixtures: pytest reads this file before Django is set up.
"""

import pytest


@pytest.fixture
def acme(workspace):
    from fullfunnel.people.models import Company

    return Company.objects.create(workspace=workspace, key="acme.example", name="Acme", traits={"name": "Acme"})


@pytest.fixture
def known(ada, ben, cleo, acme):
    """(ada, ben, cleo): Ada and Ben work for Acme, Cleo for nobody that we know."""
    from fullfunnel.people.actions import link_company

    for visitor in (ada, ben, cleo):
        host = "gmail.com" if visitor is cleo else "acme.example"
        visitor.identifies(f"{visitor.name}-1", email=f"{visitor.name}@{host}", name=visitor.name.title())
    for visitor in (ada, ben):
        link_company(visitor.person, company=acme, by=None)
    return ada.person, ben.person, cleo.person


@pytest.fixture
def waiting(known):
    from fullfunnel.crm import actions

    return actions.hand_over(known[0], cause_event="form-1", why=["Asked for a demo"], by=None)


@pytest.fixture
def stages(workspace):
    """The stages of the default pipeline, by name."""
    from fullfunnel.crm.pipelines import default_pipeline, stages_of

    return {stage.name: stage for stage in stages_of(default_pipeline(workspace))}


@pytest.fixture
def reason(workspace):
    from fullfunnel.crm.pipelines import lost_reasons_of

    return lost_reasons_of(workspace)[0]
