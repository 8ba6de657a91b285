import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { decodeSound, encodeSound, parseServer, pcmFromBase64, WireError } from "@/wire/codec";
import { SERVER_FIELDS } from "@/wire/generated";
import { generate } from "../tools/wire.mjs";
import { goldens } from "./goldens";

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

describe("sound frames", () => {
  it("have the server's header: little-endian, 20 bytes", () => {
    const bytes = new Uint8Array([1, 0, 0, 0, 7, 0, 0, 0, 3, 0, 0, 0, 0x2a, 1, 0, 0, 0xe8, 3, 0, 0, 0xff, 0x7f, 0, 0x80]);
    expect(decodeSound(bytes.buffer)).toEqual({
      turnId: 7,
      sequenceNumber: 3,
      eventNumber: 298,
      timestamp: 1000,
      pcm: new Int16Array([32767, -32768]),
    });
    const frame = decodeSound(bytes.buffer);
    expect(frame && new Uint8Array(encodeSound(frame))).toEqual(bytes);
  });

  it("of an unknown kind are ignored, and broken ones refused", () => {
    expect(decodeSound(new Uint8Array(20).fill(9).buffer)).toBeNull();
    expect(() => decodeSound(new ArrayBuffer(19))).toThrow(WireError);
    expect(() => decodeSound(new Uint8Array([1, ...new Array<number>(20).fill(0)]).buffer)).toThrow(WireError);
  });

  it("also come as base64", () => {
    expect(pcmFromBase64("AAABAP//AAA=")).toEqual(new Int16Array([0, 1, -1, 0]));
    expect(() => pcmFromBase64("AAA=*")).toThrow(WireError);
    expect(() => pcmFromBase64("AAAA")).toThrow(WireError);
  });
});
