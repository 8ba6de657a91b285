"""The rows of an archive: one model for each kind of line, with the bounds that rows of foreign archives must keep.

A record's fields are its table's columns, less owner and clone. Ids are those of the exporting database and stand only
for one another: an import gives new ones. `embedding` is the half-precision vector, little-endian, in base64, so that
it comes back bit for bit.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeVar
from uuid import UUID

import numpy as np
import orjson
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer, ValidationError

from selfsame.clones.archive.manifest import DAMAGED
from selfsame.errors import BadInput
from selfsame.events.thought import SourceKind

WIDTH_MOST = 4096
_EARLIEST, _LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def _plain(value: Any) -> Any:
    """No zero bytes, which the database does not take, at any depth."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            if "\0" in each:
                raise ValueError("zero bytes")
        elif isinstance(each, dict):
            waiting += [*each.keys(), *each.values()]
        elif isinstance(each, list):
            waiting += each
    return value


def _dated(value: datetime) -> datetime:
    if not _EARLIEST <= value <= _LATEST:
        raise ValueError("an impossible date")
    return value


PLAIN = AfterValidator(_plain)
Object = Annotated[dict[str, Any], PLAIN]
Time = Annotated[AwareDatetime, AfterValidator(_dated)]
Count = Annotated[int, Field(ge=0, le=2**31 - 1, strict=True)]
Share = Annotated[float, Field(ge=0, le=1)]
Language = Annotated[str, Field(pattern=r"^[A-Za-z-]{1,10}$")]
Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{0,64}$")]
Status = Literal["draft", "active", "replaced"]
Price = Annotated[Decimal, Field(max_digits=18, decimal_places=4, allow_inf_nan=False), PlainSerializer(str)]
Long = Annotated[str, Field(max_length=2_000_000), PLAIN]
Short = Annotated[str, Field(max_length=255), PLAIN]


class Record(BaseModel):
    """A line. Unknown fields are an error: they would be lost without a word."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class CloneRecord(Record):
    """`clone.json`."""

    slug: Annotated[str, Field(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$")]
    name: Annotated[str, Field(min_length=1, max_length=255), PLAIN]
    language: Language
    adherence: Literal["strict", "adaptive", "creative"]
    no_answer: Annotated[dict[str, str], PLAIN]
    embedding_model: Short | None = None
    embedding_width: Count | None = None


class PersonaRecord(Record):
    """`persona.json`."""

    auto_extracted: Object
    manual_overrides: Object | None = None


class ExtractionRecord(Record):
    """`rows/extractions.jsonl`: the history, and the evidence of every trait."""

    source: Annotated[str, Field(max_length=300), PLAIN]
    engine: Annotated[str, Field(max_length=200), PLAIN]
    profile: Object
    measured: Object
    evidence: Object
    figures: Object
    notes: Annotated[list[Any], PLAIN]
    created_at: Time


class DocumentRecord(Record):
    """`rows/documents.jsonl`; the owner's answers and corrections are documents too."""

    id: UUID
    filename: Short
    title: Long
    content_type: Annotated[str, Field(max_length=100), PLAIN]
    content_hash: Hash
    kind: SourceKind
    language: Language
    status: Literal["pending", "processing", "completed", "failed"]
    error_message: Long | None
    source_url: Annotated[str, Field(max_length=4000), PLAIN] | None
    chunk_count: Count
    uploaded_at: Time
    processed_at: Time | None


class UploadRecord(Record):
    """`rows/uploads.jsonl`."""

    id: UUID
    document_id: UUID
    kind: Literal["file", "address", "pairs", "products"]
    file_hash: Hash
    size: Count
    details: Object
    created_at: Time


class ChunkRecord(Record):
    """`rows/chunks.jsonl`."""

    document_id: UUID
    chunk_index: Count
    content: Long
    heading: Long
    locator: Long
    question: Long | None
    source_type: SourceKind
    language: Language
    start_offset: Count
    end_offset: Count
    model_id: Short
    embedding: Annotated[str, Field(max_length=4 * WIDTH_MOST)]
    created_at: Time


class ProductRecord(Record):
    """`rows/products.jsonl`."""

    id: UUID
    document_id: UUID
    row: Annotated[int, Field(ge=-(2**31), le=2**31 - 1, strict=True)]
    place: Count
    sku: Long
    name: Long
    description: Long
    price: Price | None
    currency: Annotated[str, Field(max_length=20), PLAIN]
    url: Long
    image: Long
    category: Long
    brand: Long
    details: Object
    created_at: Time


class ProductChunkRecord(Record):
    """`rows/product_chunks.jsonl`."""

    product_id: UUID
    content: Long
    chunk_index: Count


class PictureRecord(Record):
    """`rows/pictures.jsonl`: pictures of products; their files are `files/pictures/<id>/...`."""

    id: UUID
    document_id: UUID
    product_id: UUID
    product_key: UUID
    place: Annotated[int, Field(ge=-(2**31), le=2**31 - 1, strict=True)]
    width: Annotated[int, Field(ge=1, le=16_384, strict=True)]
    height: Annotated[int, Field(ge=1, le=16_384, strict=True)]
    size: Count
    file_hash: Hash
    created_at: Time


class QuestionRecord(Record):
    """`rows/unanswered.jsonl`."""

    answer_id: UUID
    question: Annotated[str, Field(max_length=2000), PLAIN]
    language: Language
    model_id: Short
    embedding: Annotated[str, Field(max_length=4 * WIDTH_MOST)]
    times: Count
    first_asked_at: Time
    last_asked_at: Time


class VoiceRecord(Record):
    """`rows/voices.jsonl`."""

    id: UUID
    status: Status
    provider: Annotated[str, Field(max_length=50), PLAIN]
    sample_rate: Annotated[int, Field(ge=1, le=192_000)]
    quality_score: Share
    details: Object
    created_at: Time


class FaceRecord(Record):
    """`rows/faces.jsonl`."""

    id: UUID
    status: Status
    tier: Annotated[str, Field(max_length=50), PLAIN]
    resolution: Annotated[int, Field(ge=0, le=16_384)]
    quality_score: Share
    details: Object
    rig_hash: Annotated[str, Field(pattern=r"^[0-9a-f]{1,64}$")]
    fictional: Annotated[bool, Field(strict=True)]
    created_at: Time


class ConsentRecord(Record):
    """A line of `consents.jsonl`: live, to the voice or the face."""

    subject: Literal["voice", "face"]
    granted_at: Time
    evidence: Object | None = None


R = TypeVar("R", bound=Record)


def parse(kind: type[R], line: bytes) -> R:
    """A line as a record. Raises BadInput."""
    try:
        return kind.model_validate(orjson.loads(line))
    except (orjson.JSONDecodeError, ValidationError, RecursionError) as error:
        raise BadInput(DAMAGED) from error


def parse_all(kind: type[R], lines: Iterator[bytes], most: int) -> list[R]:
    """All lines, at most `most`. Raises BadInput."""
    found: list[R] = []
    for line in lines:
        if len(found) >= most:
            raise BadInput(f"the archive holds more than {most} of one kind; split the clone")
        found.append(parse(kind, line))
    return found


def written(kind: type[Record], row: Any) -> bytes:
    """A row of the database as a line; its columns are the record's fields."""
    values = {name: getattr(row, name) for name in kind.model_fields}
    if "embedding" in values:
        values["embedding"] = base64.b64encode(np.asarray(values["embedding"], "<f2").tobytes()).decode()
    return orjson.dumps(values, default=_spelt) + b"\n"


def vector(coded: str, width: int) -> np.ndarray:
    """The numbers of an embedding, shape (width,), float16. Raises BadInput."""
    try:
        numbers = np.frombuffer(base64.b64decode(coded, validate=True), "<f2")
    except (binascii.Error, ValueError) as error:
        raise BadInput(DAMAGED) from error
    if numbers.shape != (width,) or not np.isfinite(numbers).all():
        raise BadInput(DAMAGED)
    return numbers


def _spelt(value: Any) -> str:
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(type(value).__name__)
