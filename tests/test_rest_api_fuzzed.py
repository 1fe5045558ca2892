"""The REST API under schemathesis: whatever is sent, no operation fails, and each answers as its description says."""

import json
from functools import cache
from typing import Any

import pytest
from django.core import signals
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fullfunnel.config.rest import schema
from tests.test_rest_api import Program, a_hand_over

pytestmark = pytest.mark.deep
DOCUMENT: dict[str, Any] = json.loads(json.dumps(schema()))
OPERATIONS = [(method, path) for path, methods in DOCUMENT["paths"].items() for method in methods]
EXAMPLES = 10


@cache
def described():
    """What a tool reads of the API, on the program's own WSGI application."""
    from schemathesis import Config, openapi

    found = openapi.from_dict(DOCUMENT, config=Config())
    found.app = get_wsgi_application()
    return found


@cache
def cases_of(method, path):
    """Requests that fit the description, and such that do not."""
    from schemathesis import GenerationMode

    operation = described()[path][method]
    modes = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
    return st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in modes))


@pytest.fixture
def program(workspace):
    return Program(workspace, "crm:read", "crm:write", "history", "ask")


@pytest.fixture
def known(program):
    """What is there, by the names that parameters and fields have for it."""
    handed = a_hand_over(program)
    company = program.post("companies", {"name": "Firm", "key": "firm"}).json()["id"]
    deal = program.post("deals", {"company": {"id": company}, "name": "Firm"}).json()["id"]
    person = handed["person"]
    return {
        "person_id": person, "company_id": company, "deal_id": deal, "hand_over_id": handed["id"],
        "person": {"id": person}, "company": {"id": company}, "deal": deal, "hand_over": handed["id"],
        "to": "Proposal", "lost_reason": "Price", "by": "", "owner": "",
    }  # fmt: skip


@pytest.fixture
def on_one_connection(known):
    """A request ends no connection, as under Django's own client (which puts the receivers back after each of its own)."""
    for signal in (signals.request_started, signals.request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (signals.request_started, signals.request_finished):
        signal.connect(close_old_connections)


def named(value, known):
    """Put what is there in the place of what is made up, so that a request comes further than to a 404."""
    if isinstance(value, dict):
        return {key: known.get(key, named(inner, known)) for key, inner in value.items()}
    return [named(each, known) for each in value] if isinstance(value, list) else value


@pytest.mark.usefixtures("on_one_connection")
@pytest.mark.parametrize(("method", "path"), OPERATIONS, ids=[f"{method} {path}" for method, path in OPERATIONS])
def test_no_request_makes_an_operation_fail_or_answer_otherwise_than_described(method, path, program, known):
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi import checks

    kept = [
        not_a_server_error,
        checks.status_code_conformance,
        checks.content_type_conformance,
        checks.response_schema_conformance,
    ]
    relaxed = list(HealthCheck)

    @settings(max_examples=EXAMPLES, database=None, derandomize=True, suppress_health_check=relaxed)
    @given(case=cases_of(method, path), is_named=st.booleans())
    def ask(case, is_named):
        if is_named:
            case.path_parameters = named(case.path_parameters, known)
            case.body = named(case.body, known)
        answer = case.call(headers=program.headers | {"Accept-Encoding": "identity"})
        case.validate_response(answer, checks=kept)

    ask()
