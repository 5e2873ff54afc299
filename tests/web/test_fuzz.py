"""Requests drawn from the description of the API: whatever is sent, no answer is a 500 and every answer is as described."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, settings

HOST = {"Host": "127.0.0.1:8765"}


@pytest.fixture(scope="module")
def operations(client):
    """Every route of the description."""
    schemathesis = pytest.importorskip("schemathesis")
    schema = schemathesis.openapi.from_dict(client.get("/openapi.json").json())
    schema.app = client.app
    return [found.ok() for found in schema.get_all_operations()]


def test_no_request_breaks_the_server(operations, client):
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

    assert len(operations) >= 12
    for operation in operations:

        @given(case=operation.as_strategy())
        @settings(max_examples=6, deadline=None, database=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
        def holds(case):
            answer = case.call(headers=HOST)
            if answer.status_code != 503:  # too many jobs are waiting
                case.validate_response(answer, checks=[not_a_server_error, content_type_conformance, response_schema_conformance])

        holds()
