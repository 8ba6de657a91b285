import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { backoffMs } from "@/media/backoff";
import { WebSocketClient, type LinkStatus, type Socket } from "@/media/line";
import { encodeBinary, type MotionFrame, type PictureFrame, type SoundFrame } from "@/wire/codec";
import type { ServerMessage } from "@/wire/generated";

class FakeSocket implements Socket {
  binaryType = "blob";
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  closed = false;
  readonly sent: (Record<string, unknown> | Uint8Array)[] = [];

  constructor(
    readonly url: string,
    readonly protocols: string[],
  ) {}

  send(data: string | ArrayBufferView<ArrayBuffer>): void {
    this.sent.push(typeof data === "string" ? (JSON.parse(data) as Record<string, unknown>) : Uint8Array.from(data as Uint8Array));
  }
  close(): void {
    this.closed = true;
  }
  says(message: Record<string, unknown>): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
  ready(more: Record<string, unknown> = {}): void {
    this.onopen?.();
    this.says({ type: "ready", cloneName: "Ada", sessionId: "s-1", eventNumber: 0, ...more });
  }
  sounds(frame: Partial<SoundFrame>): void {
    this.onmessage?.({ data: encodeBinary({ kind: "sound", turnId: 1, sequenceNumber: 0, eventNumber: 0, timestamp: 0, pcm: new Int16Array(2), ...frame }) });
  }
  types(): unknown[] {
    return this.sent.map((each) => (each instanceof Uint8Array ? each.byteLength : each.type)).filter((type) => type !== "ping");
  }
}

function setUp(resume?: { sessionId: string; lastEvent: number }) {
  const sockets: FakeSocket[] = [];
  const statuses: LinkStatus[] = [];
  const messages: ServerMessage[] = [];
  const sounds: SoundFrame[] = [];
  const anew = vi.fn();
  const renewToken = vi.fn(() => Promise.resolve("fresh"));
  const line = new WebSocketClient({
    url: "ws://here/ws/chat",
    settings: () => ({ clone: "guide", mode: "planning" }),
    renewToken,
    now: () => Date.now(),
    openSocket: (url, protocols) => {
      const socket = new FakeSocket(url, protocols);
      sockets.push(socket);
      return socket;
    },
    ...(resume === undefined ? {} : { resume }),
  });
  line.onStatus = (status) => statuses.push(status);
  line.onMessage = (message) => messages.push(message);
  line.onResponseAudio = (sound) => sounds.push(sound);
  line.onAnew = anew;
  const socket = (index = -1): FakeSocket => {
    const found = sockets.at(index);
    if (found === undefined) throw new Error("no socket");
    return found;
  };
  return { line, sockets, socket, statuses, messages, sounds, anew, renewToken };
}

/** The socket drops, and the wait is over. */
async function dropAndWait(socket: FakeSocket, ms = 1000): Promise<void> {
  socket.onclose?.({ code: 1006 });
  await vi.advanceTimersByTimeAsync(ms);
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("connecting", () => {
  it("presents the token as a subprotocol and says start first", () => {
    const { line, socket } = setUp();
    line.connect("tok");
    expect(socket().protocols).toEqual(["selfsame.v1", "bearer.tok"]);
    expect(socket().binaryType).toBe("arraybuffer");
    socket().onopen?.();
    expect(socket().sent).toEqual([{ type: "start", protocol: 1, audio: "binary", clone: "guide", mode: "planning" }]);
  });

  it("waits 1, 2, 4, 8, 16 and then 30 s, and shows it", async () => {
    expect([1, 2, 3, 4, 5, 6, 7, 60].map(backoffMs)).toEqual([1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]);
    const { line, socket, sockets, statuses } = setUp();
    line.connect("tok");
    for (const wait of [1000, 2000, 4000, 8000, 16000, 30000, 30000]) {
      const before = sockets.length;
      socket().onclose?.({ code: 1006 });
      expect(statuses.at(-1)).toEqual({ phase: "waiting", attempt: before, retryAt: Date.now() + wait });
      await vi.advanceTimersByTimeAsync(wait - 1);
      expect(sockets).toHaveLength(before);
      await vi.advanceTimersByTimeAsync(1);
      expect(sockets).toHaveLength(before + 1);
    }
  });

  it("begins the waits anew after a good connection, and tries at once when asked", async () => {
    const { line, socket, sockets, statuses } = setUp();
    line.connect("tok");
    await dropAndWait(socket());
    socket().ready();
    expect(statuses.at(-1)).toEqual({ phase: "open" });
    socket().onclose?.({ code: 1006 });
    expect(statuses.at(-1)).toMatchObject({ phase: "waiting", attempt: 1 });
    line.retryNow();
    await vi.advanceTimersByTimeAsync(0);
    expect(sockets).toHaveLength(3);
    await vi.advanceTimersByTimeAsync(60_000 - 1);
    expect(sockets.filter((each) => !each.closed)).toHaveLength(1);
  });

  it("gets a new token when the server would not have the old one, and only then", async () => {
    const { line, socket, renewToken } = setUp();
    line.connect("tok");
    socket().ready();
    await dropAndWait(socket());
    expect(renewToken).not.toHaveBeenCalled();
    await dropAndWait(socket(), 2000);
    expect(renewToken).toHaveBeenCalledTimes(1);
    expect(socket().protocols[1]).toBe("bearer.fresh");
  });

  it("goes on trying when there is no new token either", async () => {
    const { line, socket, sockets, renewToken } = setUp();
    renewToken.mockRejectedValueOnce(new Error("server is down"));
    vi.spyOn(console, "warn").mockImplementation(() => undefined);
    line.connect("tok");
    await dropAndWait(socket());
    expect(sockets).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2000);
    expect(sockets).toHaveLength(2);
  });

  it("does not come back after disconnect, nor after another window took over", async () => {
    const first = setUp();
    first.line.connect("tok");
    first.socket().ready();
    first.line.disconnect();
    const second = setUp();
    second.line.connect("tok");
    second.socket().ready();
    second.socket().onclose?.({ code: 4001 });
    await vi.advanceTimersByTimeAsync(120_000);
    expect(first.sockets).toHaveLength(1);
    expect(second.sockets).toHaveLength(1);
    expect(second.statuses.at(-1)).toMatchObject({ phase: "refused", code: "TAKEN_OVER" });
  });

  it("finds out that a silent line is dead", async () => {
    const { line, socket, sockets } = setUp();
    line.connect("tok");
    socket().ready();
    socket().says({ type: "pong", timestamp: 0 });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(sockets).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(11_000);
    expect(sockets).toHaveLength(2);
    expect(sockets[0]?.closed).toBe(true);
  });
});

describe("the face", () => {
  const motion = { kind: "motion", turnId: 1, sequenceNumber: 0, first: 30, channels: 2, rows: Int8Array.of(1, 2, 3, 4) } as const;

  it("comes as binary frames or as messages, each event once", () => {
    const { line, socket } = setUp();
    const moved: MotionFrame[] = [];
    const shown: PictureFrame[] = [];
    line.onMotion = (frame) => moved.push(frame);
    line.onPicture = (frame) => shown.push(frame);
    line.connect("tok");
    socket().ready({ face: { url: "/face", channels: ["jawOpen", "headYaw"], blendshapes: 1, fps: 30 } });
    socket().onmessage?.({ data: encodeBinary({ ...motion, eventNumber: 1 }) });
    socket().onmessage?.({ data: encodeBinary({ ...motion, eventNumber: 1 }) });
    socket().says({ type: "response_motion", eventNumber: 2, turnId: 1, sequenceNumber: 1, firstFrame: 32, frameData: btoa("\x05\xff") });
    socket().says({ type: "response_video", eventNumber: 3, turnId: 1, sequenceNumber: 0, timestamp: 40, frameData: btoa("jpeg"), format: "jpeg", width: 256, height: 256 });
    expect(moved).toEqual([
      { ...motion, eventNumber: 1 },
      { ...motion, eventNumber: 2, sequenceNumber: 1, first: 32, rows: Int8Array.of(5, -1) },
    ]);
    expect(shown).toMatchObject([{ turnId: 1, timestamp: 40, edge: 256, format: "jpeg", keyframe: true }]);
  });
});

describe("resuming", () => {
  it("asks to go on after the last event, and passes each event once", async () => {
    const { line, socket, messages, sounds, anew } = setUp();
    line.connect("tok");
    socket().ready();
    socket().says({ type: "response_start", turnId: 1, sampleRate: 16000, eventNumber: 1 });
    socket().sounds({ eventNumber: 2 });
    anew.mockClear();
    await dropAndWait(socket());
    socket().ready({ resumed: true, eventNumber: 2 });
    expect(socket().sent[0]).toMatchObject({ type: "start", sessionId: "s-1", lastEvent: 2 });
    socket().sounds({ eventNumber: 2 });
    socket().sounds({ eventNumber: 3 });
    socket().says({ type: "response_text", turnId: 1, text: "once", eventNumber: 4 });
    socket().says({ type: "response_text", turnId: 1, text: "once", eventNumber: 4 });
    expect(sounds.map((sound) => sound.eventNumber)).toEqual([2, 3]);
    expect(messages.filter((message) => message.type === "response_text")).toHaveLength(1);
    expect(anew).not.toHaveBeenCalled();
  });

  it("says so when the server could not go on where we were", async () => {
    const { line, socket, anew } = setUp({ sessionId: "s-1", lastEvent: 0 });
    line.connect("tok");
    socket().ready({ resumed: true, eventNumber: 40 });
    expect(anew).toHaveBeenCalledTimes(1);
    expect(line.resumable).toEqual({ sessionId: "s-1", lastEvent: 40 });
    await dropAndWait(socket());
    socket().ready({ resumed: false, sessionId: "s-2" });
    expect(anew).toHaveBeenCalledTimes(2);
    expect(line.resumable).toEqual({ sessionId: "s-2", lastEvent: 0 });
  });

  it("begins anew when the conversation is not there any more", () => {
    const { line, socket, sockets } = setUp({ sessionId: "gone", lastEvent: 9 });
    line.connect("tok");
    socket().onopen?.();
    socket().says({ type: "error", errorCode: "NOT_FOUND", errorMessage: "no such conversation", recoverable: true });
    expect(sockets).toHaveLength(2);
    socket().onopen?.();
    expect(socket().sent[0]).not.toHaveProperty("sessionId");
  });

  it("stops trying when there is nobody to talk with", async () => {
    const { line, socket, sockets, statuses } = setUp();
    line.connect("tok");
    socket().onopen?.();
    socket().says({ type: "error", errorCode: "NOT_FOUND", errorMessage: "no such clone", recoverable: true });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sockets).toHaveLength(1);
    expect(statuses.at(-1)).toMatchObject({ phase: "refused", message: "no such clone" });
  });
});

describe("sending", () => {
  it("keeps control messages while there is no line, the latest setting only", async () => {
    const { line, socket } = setUp();
    line.connect("tok");
    line.send({ type: "set_mode", mode: "faster" });
    line.send({ type: "text_input", messageId: "m-1", text: "hello" });
    line.send({ type: "set_mode", mode: "detailed" });
    line.send({ type: "ping", timestamp: 1 });
    socket().ready();
    expect(socket().types()).toEqual(["start", "text_input", "set_mode"]);
    expect(socket().sent).toContainEqual({ type: "set_mode", mode: "detailed" });
    await dropAndWait(socket());
    socket().ready({ resumed: true });
    expect(socket().types()).toEqual(["start", "text_input"]);
    socket().says({ type: "transcript", transcript: "hello", isFinal: true, confidence: 1, turnId: 1, eventNumber: 1 });
    await dropAndWait(socket());
    socket().ready({ resumed: true, eventNumber: 1 });
    expect(socket().types()).toEqual(["start", "text_input"]);
    socket().says({ type: "response_end", text: "Hello.", interrupted: false, metrics: {}, turnId: 1, eventNumber: 2 });
    await dropAndWait(socket());
    socket().ready({ resumed: true, eventNumber: 2 });
    expect(socket().types()).toEqual(["start"]);
  });

  it("asks again after a restart what had no answer, and only that", async () => {
    const { line, socket } = setUp();
    const ask = (messageId: string, text: string): boolean => line.send({ type: "text_input", messageId, text });
    line.connect("tok");
    socket().ready();
    ask("m-1", "who are you");
    ask("m-2", "where  is my data");
    socket().says({ type: "transcript", transcript: "who are you", isFinal: true, confidence: 1, turnId: 1, eventNumber: 1 });
    await dropAndWait(socket());
    const turns = [{ turnId: 1, messageId: "m-1", user: "who are you", interrupted: false, sources: [] }];
    line.send({ type: "played", turnId: 2, ms: 900, done: true });
    socket().ready({ resumed: true, eventNumber: 2, turns });
    expect(socket().types()).toEqual(["start", "text_input"]);
    expect(socket().sent.slice(1, 2)).toEqual([{ type: "text_input", messageId: "m-2", text: "where  is my data" }]);
    socket().says({ type: "transcript", transcript: "where is my data", isFinal: true, confidence: 1, turnId: 2, eventNumber: 3 });
    socket().says({ type: "response_end", text: "Here.", interrupted: false, metrics: {}, turnId: 2, eventNumber: 4 });
    await dropAndWait(socket());
    socket().ready({ resumed: true, eventNumber: 5 });
    expect(socket().types()).toEqual(["start"]);
  });

  it("takes nothing that was typed into a new conversation", () => {
    const { line, socket } = setUp();
    line.connect("tok");
    socket().ready();
    line.send({ type: "text_input", messageId: "m-1", text: "old" });
    line.startOver();
    socket().ready({ sessionId: "s-2" });
    expect(socket().types()).toEqual(["start"]);
  });

  it("refuses to keep more than a hundred", () => {
    const { line } = setUp();
    const kept = Array.from({ length: 120 }, (_, i) => line.send({ type: "text_input", messageId: `m-${i}`, text: "x" }));
    expect(kept.filter(Boolean)).toHaveLength(100);
  });

  it("goes on with the sound where the server stopped hearing it", async () => {
    const { line, socket } = setUp();
    const block = (value: number): Int16Array<ArrayBuffer> => new Int16Array(4).fill(value);
    line.connect("tok");
    line.sendAudioChunk(block(1));
    socket().ready();
    line.sendAudioChunk(block(2));
    expect(socket().types()).toEqual(["start", 8, 8]);
    socket().onclose?.({ code: 1006 });
    line.sendAudioChunk(block(3));
    await vi.advanceTimersByTimeAsync(1000);
    socket().ready({ resumed: true, audioReceived: 12 });
    const [, sound] = socket().sent;
    expect(sound).toEqual(new Uint8Array(new Int16Array([2, 2, 3, 3, 3, 3]).buffer));
  });

  it("sends only sound that was never sent to a server that was restarted", async () => {
    const { line, socket } = setUp();
    const block = (value: number): Int16Array<ArrayBuffer> => new Int16Array(4).fill(value);
    line.connect("tok");
    socket().ready();
    line.sendAudioChunk(block(1));
    line.sendAudioChunk(block(2));
    socket().onclose?.({ code: 1006 });
    line.sendAudioChunk(block(3));
    await vi.advanceTimersByTimeAsync(1000);
    socket().ready({ resumed: true, eventNumber: 2, audioReceived: 0 });
    expect(socket().sent[1]).toEqual(new Uint8Array(block(3).buffer));
    await dropAndWait(socket());
    line.sendAudioChunk(block(4));
    socket().ready({ resumed: true, eventNumber: 2, audioReceived: 8 });
    expect(socket().sent[1]).toEqual(new Uint8Array(block(4).buffer));
  });
});

it("survives what it cannot read", () => {
  const { line, socket, messages } = setUp();
  const complain = vi.spyOn(console, "error").mockImplementation(() => undefined);
  line.connect("tok");
  socket().ready();
  socket().onmessage?.({ data: "{" });
  socket().onmessage?.({ data: new ArrayBuffer(3) });
  socket().says({ type: "response_audio", turnId: 1, audioData: "?", sequenceNumber: 0, timestamp: 0 });
  socket().says({ type: "status", state: "idle" });
  expect(complain).toHaveBeenCalledTimes(3);
  expect(messages.at(-1)).toMatchObject({ type: "status" });
});

describe("a line in doubt", () => {
  it("is asked at once, and opened anew when it stays dumb for 3 s", async () => {
    const { line, socket, sockets, statuses } = setUp();
    line.connect("tok");
    socket().ready();
    socket().says({ type: "pong", timestamp: 0, eventNumber: 0 });
    line.check();
    expect(socket().sent.at(-1)).toMatchObject({ type: "ping" });
    await vi.advanceTimersByTimeAsync(2900);
    expect(statuses.at(-1)?.phase).toBe("open");
    await vi.advanceTimersByTimeAsync(200);
    expect(statuses.at(-1)?.phase).toBe("waiting");
    await vi.advanceTimersByTimeAsync(1000);
    expect(sockets).toHaveLength(2);
  });

  it("that answers stays; one that waits for its next try waits no longer", async () => {
    const { line, socket, sockets } = setUp();
    line.connect("tok");
    socket().ready();
    line.check();
    socket().says({ type: "pong", timestamp: 0, eventNumber: 0 });
    await vi.advanceTimersByTimeAsync(5000);
    expect(sockets).toHaveLength(1);
    socket().onclose?.({ code: 1006 });
    line.check();
    await vi.advanceTimersByTimeAsync(0);
    expect(sockets).toHaveLength(2);
  });

  it("that never opens is given up after 20 s", async () => {
    const { line, sockets, statuses } = setUp();
    line.connect("tok");
    await vi.advanceTimersByTimeAsync(20_000);
    expect(statuses.at(-1)?.phase).toBe("waiting");
    await vi.advanceTimersByTimeAsync(1000);
    expect(sockets).toHaveLength(2);
  });
});
