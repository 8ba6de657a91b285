"""The rules of jobs: what follows from which error, what may be kept, what may be erased."""

from __future__ import annotations

import ast
import inspect
import json
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfsame.errors import (
    BadInput,
    BadOutput,
    CallerError,
    ConsentMissing,
    NotFound,
    Overloaded,
    Refused,
    SelfsameError,
    Throttled,
    Unavailable,
)
from selfsame.jobs import job as rules
from selfsame.jobs.job import BROKEN, FINISHED, MAY_BECOME, as_json, backoff, outcome_of
from selfsame.kit.ids import new_id
from selfsame.stores.postgres import job_desk, jobs
from selfsame.studio.folders import FACE_MODELS, FOLDERS, clip_folder, face_folder, folder_of, is_erasable

WHERE = {"role": "face", "provider": "x"}


@pytest.mark.parametrize(
    "error, state, code",
    [
        (BadInput("turn to the camera"), "failed", "BAD_INPUT"),
        (NotFound("no such clone"), "failed", "NOT_FOUND"),
        (ConsentMissing("agree first"), "failed", "CONSENT_MISSING"),
        (CallerError("no"), "failed", "BAD_REQUEST"),
        (Refused("bad key", role="face", provider="x"), "failed", "FACE_REFUSED"),
        (BadOutput("not a picture", role="face", provider="x"), "failed", "FACE_BAD_OUTPUT"),
        (Unavailable("down", role="face", provider="x"), "pending", "FACE_UNAVAILABLE"),
        (Throttled("slow", role="tts", provider="x"), "pending", "TTS_THROTTLED"),
        (Overloaded("full", expected_wait=4), "pending", "OVERLOADED"),
    ],
)
def test_what_follows_from_an_error(error: SelfsameError, state: str, code: str) -> None:
    outcome = outcome_of(error, 1, 3)
    assert (outcome.state, outcome.error_code, outcome.error_message) == (state, code, error.message)
    last = outcome_of(error, 3, 3)
    assert (last.state, last.error_code, last.error_message) == ("failed", code, error.message)


def test_a_bug_fails_at_once_and_keeps_its_text_to_itself() -> None:
    outcome = outcome_of(KeyError("alice@example.org"), 1, 3)
    assert (outcome.state, outcome.error_code, outcome.error_message) == ("failed", "INTERNAL", BROKEN)


def test_waiting_grows_and_ends_and_obeys_who_asks_for_more() -> None:
    assert [backoff(n) for n in (1, 2, 3, 8, 9, 1000)] == [2, 4, 8, 256, 300, 300]
    assert outcome_of(Throttled("x", role="tts", provider="x", retry_after=90), 1, 3).delay == 90
    assert outcome_of(Throttled("x", role="tts", provider="x", retry_after=1e9), 1, 3).delay == 3600
    assert outcome_of(Overloaded("x", expected_wait=0.5), 2, 3).delay == 4


def test_finished_states_are_final_and_all_others_can_finish() -> None:
    assert {state for state, after in MAY_BECOME.items() if not after} == FINISHED
    assert all(MAY_BECOME[state] & FINISHED for state in MAY_BECOME.keys() - FINISHED)


def test_statements_of_the_store_name_known_states_only() -> None:
    texts = [
        node.value
        for module in (jobs, job_desk)
        for node in ast.walk(ast.parse(inspect.getsource(module)))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    used = {state for state in MAY_BECOME if any(f"'{state}'" in text for text in texts)}
    assert used == MAY_BECOME.keys()


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(2**53), 2**53)
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
        max_leaves=12,
    )
)
def test_what_is_kept_is_what_a_resumed_job_sees(value: object) -> None:
    try:
        kept = as_json(value, "this")
    except BadInput:
        assert "\0" in json.dumps(value, ensure_ascii=False) or "\\u0000" in json.dumps(value)
        return
    assert kept == as_json(kept, "this") == json.loads(json.dumps(value))


@pytest.mark.parametrize("value", [float("inf"), b"x", {1, 2}, new_id(), "x" * rules.MOST_JSON, {"a": "\0"}])
def test_what_cannot_be_kept_is_refused(value: object) -> None:
    with pytest.raises(BadInput, match="the result"):
        as_json(value, "the result")


def test_folders_of_a_user_may_be_erased_and_nothing_wider() -> None:
    user, thing = new_id(), new_id()
    for prefix in [
        *(folder_of(purpose, user) for purpose in FOLDERS),
        face_folder(user, thing),
        clip_folder(user, thing),
    ]:
        assert is_erasable(prefix)
    for prefix in [
        "",
        "/",
        f"{FACE_MODELS}/",
        f"{FACE_MODELS}//",
        FACE_MODELS,
        f"{FACE_MODELS}/{user}",
        f"other/{user}/",
        f"/{FACE_MODELS}/{user}/",
        f"{FACE_MODELS}/../",
        f"{FACE_MODELS}/{str(user)[:8]}/",
        f"{FACE_MODELS}/{user.hex}/",
        f"{FACE_MODELS}/{{{user}}}/",
    ]:
        assert not is_erasable(prefix)


@given(st.text(max_size=60))
def test_whatever_may_be_erased_belongs_to_one_user(prefix: str) -> None:
    if is_erasable(prefix):
        UUID(prefix.split("/")[1])
