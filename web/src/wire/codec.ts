/** Reads and writes what passes over the socket: JSON text frames and binary frames of sound, motion and pictures. */
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
  kind: "sound";
  turnId: number;
  sequenceNumber: number;
  eventNumber: number;
  timestamp: number;
  pcm: Int16Array<ArrayBuffer>;
}

/** A stretch of the face's motion: `rows` of `channels` numbers each, from frame `first` of the turn on. */
export interface MotionFrame {
  kind: "motion";
  turnId: number;
  sequenceNumber: number;
  eventNumber: number;
  first: number;
  channels: number;
  rows: Int8Array<ArrayBuffer>;
}

/** A picture of the face, shown `timestamp` ms into the turn's audio: a JPEG file or an H.264 access unit. */
export interface PictureFrame {
  kind: "picture";
  turnId: number;
  sequenceNumber: number;
  eventNumber: number;
  timestamp: number;
  edge: number;
  format: "jpeg" | "h264";
  keyframe: boolean;
  data: Uint8Array<ArrayBuffer>;
}

export type BinaryFrame = SoundFrame | MotionFrame | PictureFrame;

const HEADER_BYTES = 20;
const KINDS = { sound: 1, motion: 2, picture: 3 };
const H264 = 1;
const KEYFRAME = 2;

/** Reads a binary frame: 20 bytes of little-endian header, then the data. Null for a kind this page does not know. */
export function decodeBinary(buffer: ArrayBuffer): BinaryFrame | null {
  if (buffer.byteLength < HEADER_BYTES) throw new WireError("a binary frame has a header of 20 bytes");
  const view = new DataView(buffer);
  const detail = view.getUint8(1);
  const place = view.getUint32(16, true);
  const numbers = {
    turnId: view.getUint32(4, true),
    sequenceNumber: view.getUint32(8, true),
    eventNumber: view.getUint32(12, true),
  };
  switch (view.getUint8(0)) {
    case KINDS.sound:
      return { kind: "sound", ...numbers, timestamp: place, pcm: samplesOf(buffer.slice(HEADER_BYTES)) };
    case KINDS.motion:
      return { kind: "motion", ...numbers, first: place, channels: detail, rows: rowsOf(buffer.slice(HEADER_BYTES), detail) };
    case KINDS.picture:
      return {
        kind: "picture",
        ...numbers,
        timestamp: place,
        edge: view.getUint16(2, true),
        format: (detail & H264) === 0 ? "jpeg" : "h264",
        keyframe: (detail & KEYFRAME) !== 0,
        data: new Uint8Array(buffer.slice(HEADER_BYTES)),
      };
    default:
      return null;
  }
}

/** The bytes of a binary frame, as the server writes them. */
export function encodeBinary(frame: BinaryFrame): ArrayBuffer {
  const data = frame.kind === "sound" ? frame.pcm : frame.kind === "motion" ? frame.rows : frame.data;
  const buffer = new ArrayBuffer(HEADER_BYTES + data.byteLength);
  const view = new DataView(buffer);
  view.setUint8(0, KINDS[frame.kind]);
  if (frame.kind === "motion") view.setUint8(1, frame.channels);
  if (frame.kind === "picture") {
    view.setUint8(1, (frame.format === "h264" ? H264 : 0) | (frame.keyframe ? KEYFRAME : 0));
    view.setUint16(2, frame.edge, true);
  }
  view.setUint32(4, frame.turnId, true);
  view.setUint32(8, frame.sequenceNumber, true);
  view.setUint32(12, frame.eventNumber, true);
  view.setUint32(16, frame.kind === "motion" ? frame.first : frame.timestamp, true);
  new Uint8Array(buffer, HEADER_BYTES).set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return buffer;
}

type Told<T extends ServerMessage["type"]> = Extract<ServerMessage, { type: T }>;

/** What travelled as base64 in a JSON message, as the binary frame says it. `channels`: the columns of `ready.face`. */
export function soundOf({ turnId, sequenceNumber, eventNumber, timestamp, audioData }: Told<"response_audio">): SoundFrame {
  return { kind: "sound", turnId, sequenceNumber, eventNumber, timestamp, pcm: pcmFromBase64(audioData) };
}

export function motionOf(message: Told<"response_motion">, channels: number): MotionFrame {
  const { turnId, sequenceNumber, eventNumber, firstFrame: first } = message;
  const rows = rowsOf(bytesFromBase64(message.frameData).buffer, channels);
  return { kind: "motion", turnId, sequenceNumber, eventNumber, first, channels, rows };
}

export function pictureOf(message: Told<"response_video">): PictureFrame {
  const { turnId, sequenceNumber, eventNumber, timestamp, format, keyframe, width: edge } = message;
  const data = bytesFromBase64(message.frameData);
  return { kind: "picture", turnId, sequenceNumber, eventNumber, timestamp, edge, format, keyframe, data };
}

function samplesOf(data: ArrayBuffer): Int16Array<ArrayBuffer> {
  if (data.byteLength % 2 !== 0) throw new WireError("half a sample");
  return new Int16Array(data);
}

function rowsOf(data: ArrayBuffer, channels: number): Int8Array<ArrayBuffer> {
  if (channels === 0 || data.byteLength % channels !== 0) throw new WireError("motion comes in whole rows");
  return new Int8Array(data);
}

/** Base64 of 16-bit little-endian PCM to samples. Throws WireError when it is not that. */
export function pcmFromBase64(text: string): Int16Array<ArrayBuffer> {
  return samplesOf(bytesFromBase64(text).buffer);
}

/** The bytes of a base64 text. Throws WireError when it is none. */
export function bytesFromBase64(text: string): Uint8Array<ArrayBuffer> {
  let binary: string;
  try {
    binary = atob(text);
  } catch {
    throw new WireError("not base64");
  }
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i += 1) bytes[i] = binary.charCodeAt(i);
  return bytes;
}
