"""Every operation of the API gives at least one real answer, and each answer is what the description says."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from selfsame.channels.api import faces
from selfsame.channels.api.base import Base
from selfsame.jobs.face_desk import told as told_face
from selfsame.jobs.job import JobOrder, Outcome
from selfsame.jobs.knowledge_json import told as told_document
from selfsame.jobs.persona_desk import told as told_persona
from selfsame.jobs.voice_desk import told as told_voice
from selfsame.kit.ids import new_id
from selfsame.studio.face.quality import FaceQualityResult
from selfsame.studio.face.validate import TestResult, ValidationResult
from selfsame.studio.folders import UPLOADS
from tests.channels.belongings_house import ARCHIVE
from tests.channels.test_openapi import DOCUMENT, OPEN, OPERATIONS
from tests.channels.whole_house import WholeHouse
from tests.enrolment.people import speech, wav
from tests.library.pictures import drawn
from tests.persona.workshop import TALK
from tests.studio.test_recording import record
from tests.support.json_schema import faults

pytestmark = pytest.mark.anyio
MODELS = DOCUMENT["components"]["schemas"]
PHOTO = ("files", ("a.jpg", b"\xff\xd8\xffpicture", "image/jpeg"))
VIDEO = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
FOR_ALL = OPEN | {
    "showSettings", "changeSettings", "showPrivacy", "eraseMe", "exportMe", "listConversations", "showConversation",
    "deleteConversation", "reportAnswer", "rateConversation", "showMe", "listMeetableClones", "listEngines",
    "showFaceRig", "orderClip", "showClip", "cancelClip", "playClip", "answerRecording", "showSource",
    "showProductPicture", "exportAuditLog",
}  # fmt: skip


def operation_of(method: str, path: str) -> dict[str, Any] | None:
    """The operation that serves a path; one without parameters goes before one with."""
    for found, template, operation in sorted(OPERATIONS, key=lambda each: each[1].count("{")):
        pattern = re.sub(r"\{\w+\}", "[^/]+", template)
        if found == method.lower() and re.fullmatch(pattern, path):
            return operation
    return None


class Walk:
    """Sends requests, and checks each answer against the description."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http
        self.seen: set[str] = set()

    async def ask(self, method: str, path: str, status: int = 200, **content: Any) -> Any:
        answer = await self._http.request(method, path, **content)
        assert answer.status_code == status, (method, path, answer.text)
        operation = operation_of(method, path.partition("?")[0])
        assert operation is not None, path
        described = operation["responses"].get(str(status)) or operation["responses"][f"{status // 100}XX"]
        kind = answer.headers.get("content-type", "").partition(";")[0]
        if status == 204:
            assert answer.content == b""
        else:
            assert kind in described["content"], (path, kind)
        if status < 400:
            self.seen.add(operation["operationId"])
        if kind != "application/json":
            return answer.content
        assert list(faults(answer.json(), described["content"][kind]["schema"], MODELS)) == [], (method, path)
        return answer.json()


async def walk_service(walk: Walk) -> None:
    for path in ("/health", "/api/health", "/health/live", "/health/ready", "/health/components", "/api/engines"):
        await walk.ask("GET", path)
    await walk.ask("GET", "/metrics")
    await walk.ask("POST", "/api/sessions", 201, json={})
    await walk.ask("POST", "/api/sessions", 422, json={"deviceId": 7})
    await walk.ask("GET", "/api/clones")
    assert (await walk.ask("GET", "/api/me"))["owner"] is True
    await walk.ask("GET", "/api/clones/ada/face.json?v=1")
    await walk.ask("GET", "/api/clones/ada/face.json?v=2", 404)


async def walk_clones(walk: Walk) -> None:
    made = await walk.ask(
        "POST", "/api/clones", 201, json={"name": "Jo Ångström", "greeting": "Hello.", "language": "ES"}
    )
    assert (made["slug"], made["greeting"], made["hasFace"], made["documents"]["total"]) == (
        "jo-angstrom", "Hello.", False, 0,
    )  # fmt: skip
    await walk.ask("POST", "/api/clones", 400, json={"name": "Jo Ångström"})
    change = {"name": "Jo", "description": "a potter", "greeting": ""}
    changed = await walk.ask("PATCH", "/api/clones/jo-angstrom", json=change)
    assert changed == made | change
    assert await walk.ask("GET", f"/api/clones/{made['id']}") == changed
    assert [each["slug"] for each in (await walk.ask("GET", "/api/clones/mine"))["clones"]] == ["ada", "jo-angstrom"]
    await walk.ask("DELETE", "/api/clones/jo-angstrom", 204)
    await walk.ask("GET", "/api/clones/jo-angstrom", 404)


async def walk_faces(walk: Walk, whole: WholeHouse) -> None:
    await walk.ask("POST", "/api/consents", json={"granted": True})
    told = await walk.ask("POST", "/face-model/check", files={"photo": PHOTO[1]})
    assert told["face"] == {"x": 0.25, "y": 0.1, "width": 0.5, "height": 0.5, "yaw": 3.0, "pitch": -2.0, "roll": 1.0}
    assert (told["isValid"], told["reasons"], told["resolution"]) == (True, ["SMALL"], {"width": 320, "height": 400})
    await walk.ask("POST", "/face-model/check", 400, files={"photo": ("a.jpg", b"text", "image/jpeg")})
    url = (await walk.ask("POST", "/face-model/upload", 202, files=[PHOTO]))["statusUrl"]
    assert (await walk.ask("GET", url))["status"] == "pending"
    await whole.work()
    built = await walk.ask("GET", url)
    assert built["status"] == "ready" and built["validation"] and built["notes"] and built["media"]
    assert built == told_face(await whole.bench.faces.state(whole.owner, UUID(built["faceModelId"])))
    for name in ("previewUrl", "videoUrl"):
        await walk.ask("GET", built[name])
    await walk.ask("GET", f"{url}/rig")
    await walk.ask("POST", f"{url}/activate")
    assert len((await walk.ask("GET", "/face-models"))["faceModels"]) == 1
    assert (await walk.ask("GET", "/api/clones/ada"))["faceModelId"] == built["faceModelId"]


async def walk_clips(walk: Walk, whole: WholeHouse) -> None:
    clip = await walk.ask("POST", "/api/clips", 202, json={"text": "Hello.", "size": 256})
    await whole.work()
    done = await walk.ask("GET", clip["statusUrl"])
    assert done["status"] == "completed" and done["timings"]["totalGenerationMs"] > 0
    await walk.ask("GET", done["videoUrl"])
    await walk.ask("GET", done["videoUrl"], 206, headers={"range": "bytes=0-9"})
    files = {"audio": ("a.wav", record("wav", "pcm_s16le", 16_000))}
    heard = await walk.ask("POST", "/api/complete-flow", 202, files=files)
    assert heard["transcript"] == "how are you"
    await walk.ask("DELETE", heard["statusUrl"])


async def walk_knowledge(walk: Walk, whole: WholeHouse) -> None:
    sent = await walk.ask("POST", "/api/documents", 202, files=[("files", ("a.txt", b"We mend clocks.\n" * 9))])
    url = sent["documents"][0]["statusUrl"]
    await walk.ask("POST", "/api/documents/address", 202, json={"url": "https://example.org/a"})
    await walk.ask("POST", "/api/faq", 202, json={"pairs": [{"question": "Do you mend?", "answer": "Yes."}]})
    table = b"name,price,colour\nClock,12.50,red\n"
    await walk.ask("POST", "/api/products/upload", 202, files=[("files", ("p.csv", table, "text/csv"))])
    broken = await walk.ask("POST", "/api/documents", 202, files=[("files", ("a.pdf", b"%PDF-1.7 broken"))])
    await whole.work()
    shown = await walk.ask("GET", url)
    assert shown["status"] == "completed" and shown["chunks"] and shown["textContent"]
    told = told_document(await whole.knowledge.state(whole.owner, UUID(shown["id"])))
    assert shown == told | {"textContent": shown["textContent"], "chunks": shown["chunks"]}
    assert (await walk.ask("GET", broken["documents"][0]["statusUrl"]))["errorMessage"]
    products = await walk.ask("GET", "/api/products")
    assert products["products"][0]["price"] == 12.5 and products["documents"]
    catalogue = await walk.ask("GET", f"/api/documents/{products['documents'][0]['id']}")
    assert catalogue["chunks"][0]["metadata"]["product_id"] == products["products"][0]["id"]
    await walk.ask("GET", "/api/products?format=csv")
    pictures = f"/api/products/{products['products'][0]['id']}/pictures"
    two = [("files", (f"{hue}.png", drawn(hue=hue))) for hue in (10, 200)]
    given = await walk.ask("POST", pictures, 201, files=two)
    first, second = given["pictures"]
    assert (await walk.ask("GET", pictures)) == given and first["width"] == 240
    assert (await walk.ask("POST", f"{pictures}/{second['id']}/main"))["pictures"] == [second, first]
    assert (await walk.ask("GET", "/api/products"))["products"][0]["pictures"] == [second, first]
    assert (await walk.ask("GET", first["thumbnailUrl"])).startswith(b"RIFF")
    bad = await walk.ask("POST", pictures, 400, files=[("files", ("a.png", b"GIF89a"))])
    assert bad["error"]["message"].startswith("a.png: ")
    await walk.ask("DELETE", f"{pictures}/{first['id']}", 204)
    await walk.ask("GET", first["url"], 404)
    await walk.ask("POST", f"{url}/retry", 202)
    await walk.ask("POST", f"{url}/cancel")
    await walk.ask("GET", f"{url}/file")
    assert len((await walk.ask("GET", "/api/documents?clone=ada"))["documents"]) == 5
    await walk.ask("DELETE", url, 204)
    await walk.ask("GET", url, 404)


async def walk_personas(walk: Walk, whole: WholeHouse) -> None:
    job = await walk.ask("POST", "/api/persona/extract", 202, files={"file": ("t.txt", TALK.encode())})
    await whole.work()
    assert (await walk.ask("GET", job["statusUrl"]))["result"]["words"] > 0
    shown = await walk.ask("GET", "/api/persona")
    assert shown["evidence"] and shown["measured"] and shown["history"]
    told = told_persona(whole.clone, *await whole.personas.profile(whole.owner, whole.clone))
    assert shown == json.loads(json.dumps(told))
    await walk.ask("PATCH", "/api/persona", json={"overrides": {"tone": "dry", "closing": None}, "reset": ["role"]})
    await walk.ask("PUT", "/api/persona", json={"overrides": {"role": "a baker"}})
    await walk.ask("PATCH", "/api/persona", 400, json={"overrides": {"mood": "x"}})
    ordered = await walk.ask("POST", "/api/voice/clone", 202, json={"url": VIDEO})
    await walk.ask("DELETE", ordered["statusUrl"])
    await walk.ask("DELETE", "/api/persona/history")


async def walk_voices(walk: Walk, whole: WholeHouse) -> None:
    await walk.ask("GET", "/api/voice/sentences?language=ES")
    await walk.ask("GET", "/api/consents/spoken?name=Ana%20Silva")
    form: dict[str, Any] = {"files": {"recording": ("a.wav", wav(speech(1, 6)))}, "data": {"name": "Ana Silva"}}
    agreed = await walk.ask("POST", "/api/consents/spoken", 201, **form)
    assert agreed["consents"][0]["evidence"]["scores"]["words"] == 1
    assert await walk.ask("GET", "/api/consents") == agreed
    form["data"] = {"name": "Zebedee Quux"}
    refused = await walk.ask("POST", "/api/consents/spoken", 400, **form)
    assert refused["error"]["missing"] == ["name"] and refused["error"]["heard"]
    files = [("files", (f"{n}.wav", wav(speech(1, 4.0 + n % 3)))) for n in range(6)]
    url = (await walk.ask("POST", "/voice-model/upload", 202, files=files))["statusUrl"]
    await whole.work()
    made = await walk.ask("GET", url)
    assert made["status"] == "ready" and made["quality"][0]["snrDb"] and made["report"], made
    assert made == told_voice(await whole.voice_desk.state(whole.owner, UUID(made["voiceModelId"])))
    await walk.ask("GET", made["previewUrl"])
    changed = await walk.ask("PATCH", url, json={"manner": "clear"})
    assert (changed["manner"], changed["speaks"]) == ("clear", "clear")
    await walk.ask("POST", f"{url}/activate?manner=automatic")
    assert (await walk.ask("GET", "/voice-models"))["activeVoiceModelId"]
    assert (await walk.ask("GET", "/api/clones/ada"))["hasVoice"] is True
    await walk.ask("DELETE", url, 204)
    await walk.ask("DELETE", "/api/consents/spoken")


async def walk_questions(walk: Walk) -> None:
    ada = "/api/clones/ada"
    found = await walk.ask("GET", f"{ada}/search?q=what%20is%20baked%20in%20the%20kitchen")
    assert found["hits"] and found["words"]
    open_ones = (await walk.ask("GET", f"{ada}/unanswered"))["unanswered"]
    body = {"questionId": open_ones[0]["id"], "answer": "Yes, a dachshund."}
    answer = await walk.ask("POST", f"{ada}/answers", 201, json=body)
    assert (await walk.ask("GET", f"{ada}/answers"))["answers"] == [answer]
    await walk.ask("DELETE", f"{ada}/answers/{answer['id']}", 204)
    await walk.ask("DELETE", f"{ada}/unanswered/{open_ones[1]['id']}", 204)
    await walk.ask("POST", f"{ada}/corrections", 201, json={"question": "who are you", "answer": "Ada."})
    await walk.ask("POST", f"{ada}/corrections", 400, json={"answer": "Ada."})
    await walk.ask("GET", f"{ada}/answering")
    await walk.ask("PUT", f"{ada}/answering", json={"adherence": "strict", "noAnswer": {"EN": "I do not know."}})


async def walk_jobs(walk: Walk, whole: WholeHouse) -> None:
    assert {each["status"] for each in (await walk.ask("GET", "/api/jobs?active=true"))["jobs"]} == set()
    everything = (await walk.ask("GET", "/api/jobs"))["jobs"]
    assert {each["kind"] for each in everything} == {kind.name for kind in whole.handlers}
    await walk.ask("POST", "/face-model/upload", 202, files=[PHOTO])
    (waiting,) = (await walk.ask("GET", "/api/jobs?active=true&clone=ada"))["jobs"]
    assert (waiting["kind"], waiting["cloneId"]) == ("build-face", str(whole.clone.id))
    assert whole.bench.held(UPLOADS)
    stopped = await walk.ask("DELETE", f"/api/jobs/{waiting['id']}")
    assert stopped["status"] == "cancelled" and not whole.bench.held(UPLOADS), "the pictures went at once"
    assert await walk.ask("GET", f"/api/jobs/{waiting['id']}") == stopped
    assert await walk.ask("DELETE", f"/api/jobs/{waiting['id']}") == stopped
    await walk.ask("GET", f"/api/jobs/{new_id()}", 404)


async def walk_account(walk: Walk, whole: WholeHouse) -> None:
    code = (await walk.ask("POST", "/api/sign-in/codes", 201, json={"minutes": 5}))["code"]
    sign_in = {"code": code, "deviceId": "device-0123456789"}
    assert (await walk.ask("POST", "/api/sign-in", 201, json=sign_in))["owner"] is True
    await walk.ask("POST", "/api/sign-in", 401, json=sign_in)
    (device,) = (await walk.ask("GET", "/api/devices"))["devices"]
    await walk.ask("DELETE", f"/api/devices/{device['id']}", 204)
    await walk.ask("POST", "/api/sign-out", 204)
    kept = await walk.ask("PUT", "/api/keys/openai", json={"key": "sk-secret-secret-secret"})
    assert kept["check"]["state"] == "works" and "sk-secret" not in json.dumps(kept)
    await walk.ask("POST", "/api/keys/openai/check")
    assert "sk-secret" not in json.dumps(await walk.ask("GET", "/api/keys"))
    await walk.ask("DELETE", "/api/keys/openai", 204)
    await walk.ask("GET", "/api/settings")
    assert (await walk.ask("PATCH", "/api/settings", json={"theme": "dark"}))["theme"] == "dark"
    about = {"sessionId": await whole.account.talk()}
    report = await walk.ask("POST", "/api/reports", 201, json={**about, "turnId": 1, "reason": "wrong"})
    assert (await walk.ask("GET", "/api/reports"))["reports"][0]["id"] == report["id"]
    await walk.ask("POST", f"/api/reports/{report['id']}/resolve", json={"note": "mended"})
    await walk.ask("POST", "/api/feedback", 201, json={**about, "rating": 5})
    assert (await walk.ask("GET", "/api/feedback"))["average"] == 5
    assert (await walk.ask("GET", "/api/usage?days=7"))["perClone"][0]["clone"] == "ada"
    assert (await walk.ask("GET", "/api/audit"))["entries"]
    for path in ("/api/audit/export", "/api/operations/audit/export"):
        assert b'"action":"sign_in"' in await walk.ask("GET", path)
        assert (await walk.ask("GET", f"{path}?format=csv")).startswith(b"\xef\xbb\xbfid,timestamp,userId")


async def walk_belongings(walk: Walk, whole: WholeHouse) -> None:
    assert (await walk.ask("GET", "/api/clones/ada/export")).startswith(ARCHIVE)
    form = {"files": {"archive": ("ada.zip", ARCHIVE)}, "data": {"slug": "ada-2"}}
    assert (await walk.ask("POST", "/api/clones/import", 201, **form))["leftOut"] == {"voice": "there is no consent"}
    await walk.ask("POST", "/api/clones/import", 400, files={"archive": ("ada.zip", b"PK")})
    await walk.ask("GET", "/api/privacy/export")
    shown = await walk.ask("GET", "/api/privacy")
    assert shown["sections"]["knowledgeBase"]["bytes"] == 300
    (talk,) = (await walk.ask("GET", "/api/conversations"))["conversations"]
    assert (await walk.ask("GET", f"/api/conversations/{talk['id']}"))["said"][0]["clone"] is None
    await walk.ask("DELETE", f"/api/conversations/{talk['id']}", 204)
    await walk.ask("DELETE", "/api/privacy", 400, json={"confirm": "yes"})
    await walk.ask("DELETE", "/api/privacy", json={"confirm": shown["confirmation"]})


async def walk_operations(walk: Walk, whole: WholeHouse) -> None:
    shown = await walk.ask("GET", "/api/operations")
    assert shown["jobs"] and shown["hour"]["latency"]["endToEnd"]["count"] == 0
    await walk.ask("GET", "/api/operations/series?minutes=5")
    job = await whole.jobs.enqueue(_order(whole))
    stopped = await walk.ask("POST", f"/api/operations/jobs/{job.id}/cancel")
    assert stopped["job"]["status"] == "cancelled"
    broken = await whole.jobs.enqueue(_order(whole))
    claim = await whole.jobs.claim("w", list(whole.handlers), 30)
    assert claim is not None
    await whole.jobs.finish(claim, Outcome("failed", error_code="TTS_UNAVAILABLE", error_message="no voice"))
    again = await walk.ask("POST", f"/api/operations/jobs/{broken.id}/retry")
    await walk.ask("DELETE", f"/api/jobs/{again['job']['id']}")


async def test_every_operation_answers_as_described() -> None:
    whole = WholeHouse()
    async with whole.open() as http:
        walk = Walk(http)
        await walk_service(walk)
        await walk_clones(walk)
        await walk_faces(walk, whole)
        await walk_clips(walk, whole)
        await walk_knowledge(walk, whole)
        await walk_personas(walk, whole)
        await walk_voices(walk, whole)
        await walk_questions(walk)
        await walk_jobs(walk, whole)
        await walk_operations(walk, whole)
        await walk_account(walk, whole)
        await walk_belongings(walk, whole)
        (face,) = [each for each in (await walk.ask("GET", "/face-models"))["faceModels"] if each["status"] == "active"]
        await walk.ask("DELETE", f"/face-model/{face['faceModelId']}", 204)
        await walk.ask("DELETE", "/api/clones/ada", 204)
    assert {operation["operationId"] for _, _, operation in OPERATIONS} - walk.seen == IN_CONVERSATION


@pytest.mark.parametrize(("model", "given"), [
    (faces.PictureQuality, FaceQualityResult(False, True, 640, 480, "poor", "angled", 0.12, ("UNREADABLE",))),
    (faces.FaceValidation, ValidationResult(False, 41.0, ("Too dark.",), ("Face a window.",))),
    (faces.FaceTest, TestResult(b"film", 0.812, 0.7, 31.5, 12.25)),
])  # fmt: skip
async def test_what_was_seen_of_a_face_is_told_whole(model: type[Base], given: Any) -> None:
    assert model.model_validate(given.to_json()).as_json() == given.to_json()


IN_CONVERSATION = {"showSource"}
"""What needs a live conversation is asked in test_sources.py."""
SOME = {"slug": "ada", "provider": "openai", "name": "preview.jpg", "clone": "ada"}


@pytest.mark.parametrize(("who", "status"), [(None, 401), ("nobody", 401), ("visitor", 403), ("foreign page", 403)])
async def test_only_owners_from_our_own_pages_may(who: str | None, status: int) -> None:
    whole = WholeHouse()
    async with whole.open("owner" if who == "foreign page" else who) as http:
        for method, template, operation in OPERATIONS:
            if operation["operationId"] in FOR_ALL:
                continue
            path = re.sub(r"\{(\w+)\}", lambda found: SOME.get(found.group(1), str(new_id())), template)
            headers = {"origin": "https://evil.example"} if who == "foreign page" else {}
            answer = await http.request(
                method, path, headers=headers, params={"name": "Ada", "q": "x"}, **sample(operation)
            )
            assert (answer.status_code, set(answer.json())) == (status, {"error"}), (method, path, answer.text)
    assert whole.store.owners == {whole.clone.id: whole.owner} and whole.bench.files.held == {}


def sample(operation: dict[str, Any]) -> dict[str, Any]:
    """A body that the route would take."""
    kinds = operation.get("requestBody", {}).get("content", {})
    if "multipart/form-data" in kinds:
        return {"files": [PHOTO]}
    bodies = {
        "PageAddress": {"url": "https://example.org"},
        "Faq": {"pairs": [{"question": "a", "answer": "b"}]},
        "VideoAddress": {"url": VIDEO},
        "FaceConsent": {"granted": True},
        "AnswerBody": {"questionId": str(new_id()), "answer": "x"},
        "CorrectionBody": {"question": "x", "answer": "x"},
        "NewClone": {"name": "Jo"},
        "VoiceMannerEdit": {"manner": "own"},
        "KeyBody": {"key": "sk-secret-secret"},
    }
    if not kinds:
        return {}
    return {"json": bodies.get(kinds["application/json"]["schema"]["$ref"].rpartition("/")[2], {})}


async def test_what_is_another_owners_is_not_found() -> None:
    whole = WholeHouse()
    async with whole.open("other") as http:
        job = await whole.jobs.enqueue(_order(whole))
        for method, path in (("GET", f"/api/jobs/{job.id}"), ("DELETE", f"/api/jobs/{job.id}")):
            assert (await http.request(method, path)).status_code == 404
        for method in ("GET", "PATCH", "DELETE"):
            answer = await http.request(method, "/api/clones/ada", **({"json": {}} if method == "PATCH" else {}))
            assert answer.status_code == 404, "ada is public, but theirs to change"
        assert (await http.get("/api/jobs")).json() == {"jobs": []}
        assert (await http.get("/api/clones/mine")).json() == {"clones": []}
    assert (await whole.jobs.get(job.id, whole.owner)).state == "pending"


def _order(whole: WholeHouse) -> JobOrder:
    return JobOrder(next(iter(whole.handlers)), whole.owner, {"face": str(new_id())})


async def test_the_demonstration_clone_stays() -> None:
    whole = WholeHouse()
    async with whole.open() as http:
        assert (await http.post("/api/clones", json={"name": "Vera"})).json()["demonstration"] is True
        refused = await http.delete("/api/clones/vera")
        assert refused.status_code == 400 and "demonstration" in refused.json()["error"]["message"]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
FIELDS = st.sampled_from(["name", "description", "greeting", "language", "slug", "public", "other"])
BODIES = st.dictionaries(FIELDS, st.sampled_from(["EN", "Ada", "a-b", "", " ", "\0", "a" * 600]) | ANYTHING, max_size=6)


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with WholeHouse().open() as opened:
        yield opened


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(BODIES | ANYTHING, st.sampled_from(["ada", "mine", "%00", "é", "0" * 300, str(UUID(int=0))]))
async def test_clones_of_any_kind_of_body_are_answered(http: httpx.AsyncClient, body: Any, slug: str) -> None:
    content = json.dumps(body).encode("utf-8", "replace")
    headers = {"content-type": "application/json"}
    for method, path in (("POST", "/api/clones"), ("PATCH", f"/api/clones/{slug}")):
        answer = await http.request(method, path, content=content, headers=headers)
        assert answer.status_code in (200, 201, 400, 404, 405, 422), answer.text
        if answer.status_code >= 400:
            assert answer.json()["error"]["message"]
        else:
            assert list(faults(answer.json(), {"$ref": "OwnClone"}, MODELS)) == []


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(max_size=70), st.text(max_size=12))
async def test_jobs_asked_for_in_any_way_are_answered(http: httpx.AsyncClient, clone: str, active: str) -> None:
    answer = await http.get("/api/jobs", params={"clone": clone, "active": active})
    assert answer.status_code in (200, 404, 422)
