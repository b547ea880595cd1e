"""Requests made up from the OpenAPI document, about things that are there: no operation may fail here, and answers
are as described."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS

from tests.api.conftest import POLICY, World

_CHECKS = ("not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance")


# The WSGI transport of schemathesis does not close the files of responses.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
@pytest.mark.parametrize("mode", list(GenerationMode))
def test_made_up_requests(world: World, mode: GenerationMode) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", world.app)
    headers = {"Authorization": f"Bearer {world.officer.secret}"}
    sent = world.owner.send(f"/systems/{world.slug}/evidence", POLICY, kind="policy").get_json()
    there = {"slug": world.slug, "key": sent["evidence"], "number": 1, "position": 2, "control": "EVA-01",
             "framework": "nist-ai-rmf-1.0"}
    seen = 0
    for result in schema.get_all_operations():
        operation = result.ok()
        named = {one.name: there[one.name] for one in operation.path_parameters}

        @settings(max_examples=5, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
                  suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy(generation_mode=mode, path_parameters=named))
        def once(case: schemathesis.Case) -> None:
            response = case.call(headers=headers)
            case.validate_response(response, checks=[CHECKS.get_one(name) for name in _CHECKS])

        once()
        seen += 1
    assert seen > 25
