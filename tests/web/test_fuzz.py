"""Requests drawn from the description of the API: whatever is sent, no answer is a 500 and every answer is as described."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

schemathesis = pytest.importorskip("schemathesis")


@pytest.fixture
def described(made_corpus):
    from pipeline.web.app import create_app
    from pipeline.web.settings import Settings

    return schemathesis.openapi.from_asgi("/openapi.json", create_app(Settings(made_corpus, read_only=True)), headers={"Host": "127.0.0.1:8765"})


schema = schemathesis.pytest.from_fixture("described")


@schema.parametrize()
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_request_breaks_the_server(case):
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

    answer = case.call(headers={"Host": "127.0.0.1:8765"})
    if answer.status_code != 503:
        case.validate_response(answer, checks=[not_a_server_error, content_type_conformance, response_schema_conformance])
