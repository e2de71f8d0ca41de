"""Refusals say what is wrong in few words, however much is wrong."""

import json

import pytest

from confserver.api.login import LoginBody
from confserver.errors import ValidateFailed
from confserver.meetings.definition import MeetingDefinition
from confserver.validation import MOST_FAULTS, MOST_FIELD, parse_json
from tests.confserver.conftest import WEEKLY


def refusal(body: object) -> ValidateFailed:
    with pytest.raises(ValidateFailed) as caught:
        parse_json(LoginBody, json.dumps(body).encode())
    return caught.value


def test_each_of_a_few_mistakes_is_told_and_only_the_number_of_many() -> None:
    assert [fault.detail for fault in refusal({"name": "ada"}).faults] == ["username", "password", "name"]
    many = refusal(dict.fromkeys(map(str, range(1000)), 1))
    assert [fault.message for fault in many.faults] == ["the body has 1002 mistakes"]
    assert len(refusal(dict.fromkeys(map(str, range(MOST_FAULTS - 2)), 1)).faults) == MOST_FAULTS


def test_a_name_without_end_is_not_repeated() -> None:
    [fault] = refusal({"username": "ada", "password": "x", "y" * 100_000: 1}).faults
    assert fault.detail == "y" * MOST_FIELD
    assert fault.message == "y" * MOST_FIELD + " is not a known field"


def test_brackets_without_end_are_not_read() -> None:
    assert refusal({"username": [[]] * 50_000}).message == "the body has too many brackets"


@pytest.mark.parametrize(("field", "item"), [("internal_invitees", 1), ("outbound_caller_ids", 1)])
def test_of_a_list_the_first_mistake_is_told(field: str, item: object) -> None:
    with pytest.raises(ValidateFailed) as caught:
        parse_json(MeetingDefinition, json.dumps({**WEEKLY, field: [item] * 10_000}).encode())
    assert [fault.detail for fault in caught.value.faults] == [f"{field}.0"]


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("admin_pin", {"room_pin": "4711", "admin_pin": "4711"}),
        (
            "scheduled_end_at",
            {"scheduled_start_at": "2027-05-04T09:30:00Z", "scheduled_end_at": "2027-05-04T09:30:00Z"},
        ),
        ("recurrence", {"recurrence": "FREQ=DAILY"}),
    ],
)
def test_what_does_not_go_together_is_told_at_one_of_the_fields(field: str, values: dict[str, str]) -> None:
    with pytest.raises(ValidateFailed) as caught:
        parse_json(MeetingDefinition, json.dumps({**WEEKLY, **values}).encode())
    [fault] = caught.value.faults
    assert fault.detail == field
    assert fault.message.startswith(f"{field} ")
