import json

from ingest.verdicts import verdict_payloads
from ingest.wire.refusals import Refusal

AT_NS = 1_795_492_800 * 10**9
REFUSAL = Refusal("invalid_field", "state is “?”.", "robots.3.state", 3)


def test_verdict_payloads_have_the_form_of_the_contract() -> None:
    (payload,) = verdict_payloads("status", [REFUSAL], at_ns=AT_NS)
    assert json.loads(payload) == {
        "at": "2026-11-24T12:00:00+08:00",
        "kind": "status",
        "reason": "invalid_field",
        "detail": "state is “?”.",
        "path": "robots.3.state",
    }


def test_verdict_payloads_are_twenty_and_a_count() -> None:
    assert len(verdict_payloads("status", [REFUSAL] * 20, at_ns=AT_NS)) == 20
    payloads = [json.loads(payload) for payload in verdict_payloads("status", [REFUSAL] * 500, at_ns=AT_NS)]
    assert len(payloads) == 21
    assert payloads[20]["detail"] == "480 more items of this message are refused."


def test_verdict_payloads_answer_a_check_that_is_fine() -> None:
    (payload,) = verdict_payloads("inventory", [], at_ns=AT_NS, check=True)
    assert (json.loads(payload)["reason"], json.loads(payload)["check"]) == ("ok", True)
    assert verdict_payloads("inventory", [], at_ns=AT_NS) == []
