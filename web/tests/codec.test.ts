import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { decodeBinary, encodeBinary, motionOf, parseServer, pcmFromBase64, pictureOf, WireError } from "@/wire/codec";
import { SERVER_FIELDS } from "@/wire/generated";
import { generate } from "../tools/wire.mjs";
import { goldens, serverMessages } from "./goldens";

describe("generated types", () => {
  it("are those of wire/schema.json", async () => {
    expect(readFileSync("src/wire/generated.ts", "utf8")).toBe(await generate());
  });
});

describe("parseServer", () => {
  it.each(goldens())("reads every server message of $name without losing a field", ({ lines }) => {
    const server = lines.filter((line) => line.from === "server");
    expect(server.length).toBeGreaterThan(0);
    for (const { message } of server) {
      const known = Object.keys(SERVER_FIELDS[message.type as keyof typeof SERVER_FIELDS]);
      const kept = Object.entries(message).filter(([name, value]) => value !== null && (name === "type" || known.includes(name)));
      expect(parseServer(JSON.stringify(message))).toMatchObject(Object.fromEntries(kept));
    }
  });

  it("fills in what an older server leaves out", () => {
    const ready = parseServer('{"type":"ready","cloneName":"Ada"}');
    expect(ready).toMatchObject({ eventNumber: 0, resumed: false, turns: [], engines: [], audioReceived: 0 });
  });

  it("ignores message types and fields that it does not know", () => {
    expect(parseServer('{"type":"response_hologram","turnId":1}')).toBeNull();
    expect(parseServer('{"type":"toString"}')).toBeNull();
    expect(parseServer('{"type":"pong","timestamp":1,"colour":"red"}')).not.toHaveProperty("colour");
  });

  it.each(["", "nonsense", "[]", "null", "7", "{}", '{"type":1}', '{"type":"pong"}', '{"type":"pong","timestamp":"1"}', '{"type":"status","state":null}'])(
    "refuses %j",
    (text) => {
      expect(() => parseServer(text)).toThrow(WireError);
    },
  );
});

interface Example extends Record<string, unknown> {
  kind: "sound" | "motion" | "picture";
  frame: string;
}

const bytesOf = (hex: unknown): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(hex as string, "hex"));

describe("binary frames", () => {
  const examples = JSON.parse(readFileSync("../wire/binary.json", "utf8")) as Example[];
  const data = ({ kind, pcm, rows, data: picture }: Example) =>
    kind === "sound"
      ? { pcm: new Int16Array(bytesOf(pcm).buffer) }
      : kind === "motion"
        ? { rows: new Int8Array(bytesOf(rows).buffer) }
        : { data: bytesOf(picture) };

  it("has examples of every kind", () => {
    expect([...new Set(examples.map(({ kind }) => kind))]).toEqual(["sound", "motion", "picture"]);
  });

  it.each(examples)("of kind $kind, event $eventNumber, are read and written as the server does", (example) => {
    const { frame, ...fields } = example;
    const decoded = decodeBinary(bytesOf(frame).buffer);
    expect(decoded).toEqual({ ...fields, ...data(example) });
    expect(decoded && Buffer.from(encodeBinary(decoded)).toString("hex")).toBe(frame);
  });

  it("of an unknown kind are ignored, and broken ones refused", () => {
    expect(decodeBinary(new Uint8Array(20).fill(9).buffer)).toBeNull();
    const zeros = (count: number): number[] => new Array<number>(count).fill(0);
    for (const broken of [zeros(19), [1, ...zeros(20)], [2, ...zeros(20)], [2, 3, ...zeros(20)]]) {
      expect(() => decodeBinary(Uint8Array.from(broken).buffer)).toThrow(WireError);
    }
  });

  it("also come as base64", () => {
    expect(pcmFromBase64("AAABAP//AAA=")).toEqual(new Int16Array([0, 1, -1, 0]));
    expect(() => pcmFromBase64("AAA=*")).toThrow(WireError);
    expect(() => pcmFromBase64("AAAA")).toThrow(WireError);
    const said = goldens().find(({ name }) => name === "faces.jsonl");
    const told = serverMessages(said?.lines ?? []);
    const motion = told.find((message) => message.type === "response_motion");
    const picture = told.find((message) => message.type === "response_video");
    expect(motion && motionOf(motion, 3)).toMatchObject({ kind: "motion", first: 0, rows: Int8Array.of(0, 127, 0, 64, 0, -8) });
    expect(() => motion && motionOf(motion, 4)).toThrow(WireError);
    expect(picture && pictureOf(picture)).toMatchObject({ kind: "picture", edge: 256, format: "jpeg", data: bytesOf("ffd8ffd9") });
  });
});
