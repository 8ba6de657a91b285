/** Reads and writes what passes over the socket: JSON text frames and binary sound frames. */
import { SERVER_FIELDS, type ClientMessage, type Field, type ServerMessage } from "./generated";

/** The other end sent something that is not of the agreed shape. */
export class WireError extends Error {}

/**
 * A server message, with the fallback of every field that an older server leaves out. Returns null for a type that
 * this page does not know (newer servers may say more, WIRE-28). Throws WireError on anything malformed.
 */
export function parseServer(text: string): ServerMessage | null {
  const raw = readJson(text);
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) throw new WireError("not a JSON object");
  const record = raw as Record<string, unknown>;
  if (typeof record.type !== "string") throw new WireError("a message needs a type");
  if (!Object.hasOwn(SERVER_FIELDS, record.type)) return null;
  const fields = SERVER_FIELDS[record.type as ServerMessage["type"]];
  const message: Record<string, unknown> = { type: record.type };
  for (const [name, field] of Object.entries(fields)) {
    const value = checked(record[name], field, `${record.type}.${name}`);
    if (value !== undefined) message[name] = value;
  }
  return message as unknown as ServerMessage;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new WireError("not JSON");
  }
}

function checked(value: unknown, field: Field, where: string): unknown {
  if (value === undefined || value === null) {
    if (field.needed) throw new WireError(`${where} is missing`);
    return field.fallback;
  }
  const kind = Array.isArray(value) ? "array" : typeof value;
  if (kind !== field.kind) throw new WireError(`${where} is not of kind ${field.kind}`);
  return value;
}

/** The message as JSON text. */
export function serialise(message: ClientMessage): string {
  return JSON.stringify(message);
}

/** Reply sound as it is played: 16-bit mono PCM that begins `timestamp` ms into the turn's audio. */
export interface SoundFrame {
  turnId: number;
  sequenceNumber: number;
  eventNumber: number;
  timestamp: number;
  pcm: Int16Array<ArrayBuffer>;
}

const HEADER_BYTES = 20;
const SOUND = 1;

/** Reads a binary frame: 20 bytes of little-endian header, then PCM. Returns null for a kind this page does not know. */
export function decodeSound(buffer: ArrayBuffer): SoundFrame | null {
  if (buffer.byteLength < HEADER_BYTES) throw new WireError("a sound frame has a header of 20 bytes");
  const view = new DataView(buffer);
  if (view.getUint8(0) !== SOUND) return null;
  if ((buffer.byteLength - HEADER_BYTES) % 2 !== 0) throw new WireError("half a sample");
  return {
    turnId: view.getUint32(4, true),
    sequenceNumber: view.getUint32(8, true),
    eventNumber: view.getUint32(12, true),
    timestamp: view.getUint32(16, true),
    pcm: new Int16Array(buffer.slice(HEADER_BYTES)),
  };
}

/** The bytes of a sound frame, as the server writes them. */
export function encodeSound(frame: SoundFrame): ArrayBuffer {
  const buffer = new ArrayBuffer(HEADER_BYTES + frame.pcm.byteLength);
  const view = new DataView(buffer);
  view.setUint8(0, SOUND);
  view.setUint32(4, frame.turnId, true);
  view.setUint32(8, frame.sequenceNumber, true);
  view.setUint32(12, frame.eventNumber, true);
  view.setUint32(16, frame.timestamp, true);
  new Int16Array(buffer, HEADER_BYTES).set(frame.pcm);
  return buffer;
}

/** Base64 of 16-bit little-endian PCM to samples. Throws WireError when it is not that. */
export function pcmFromBase64(text: string): Int16Array<ArrayBuffer> {
  let binary: string;
  try {
    binary = atob(text);
  } catch {
    throw new WireError("not base64");
  }
  if (binary.length % 2 !== 0) throw new WireError("half a sample");
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i += 1) bytes[i] = binary.charCodeAt(i);
  return new Int16Array(bytes.buffer);
}
