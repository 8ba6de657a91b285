// @vitest-environment jsdom
/** Who is here: grants, tokens that are renewed once, errors as one kind. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { listMeetableClones } from "@/wire/api/sdk.gen";
import { authorizedFetch, currentSession, forgetSession, requestSession, sessionToken, signIn, socketUrl, type SessionGrant } from "@/wire/session";

const clones = async (): Promise<unknown> => (await listMeetableClones()).data.clones;

/** A server that gives these answers in turn and notes what it was asked. */
function serve(...answers: (Response | Error)[]): { path: string; token: string | null }[] {
  const asked: { path: string; token: string | null }[] = [];
  vi.stubGlobal("fetch", (input: Request | string) => {
    const path = input instanceof Request ? new URL(input.url).pathname : input;
    asked.push({ path, token: input instanceof Request ? input.headers.get("authorization") : null });
    const answer = answers.shift() ?? new Response(null, { status: 500 });
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  });
  return asked;
}

const refused = (): Response => Response.json({ error: { code: "UNAUTHENTICATED", message: "the token is too old" } }, { status: 401 });
const granted = (token: string): Response => Response.json({ token, wsUrl: "/ws/chat", expiresAt: "2026-01-01T00:00:00Z", clone: { slug: "a", name: "A" }, owner: true, permissions: ["converse", "own", "read_metrics"], signedIn: false });

beforeEach(() => {
  forgetSession();
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

describe("a session", () => {
  const grant: SessionGrant = { token: "t", wsUrl: "/ws/chat", expiresAt: "2026-01-01T00:00:00Z", clone: { slug: "a", name: "A", greeting: "", language: "EN" }, owner: true, permissions: ["converse", "own", "read_metrics"], signedIn: false };

  it.each([
    ["/ws/chat", undefined, "http://localhost:8000/", "ws://localhost:8000/ws/chat"],
    ["/ws/chat", "", "https://talk.example/x", "wss://talk.example/ws/chat"],
    ["ws://node-7:9000/ws/chat", undefined, "http://localhost:8000/", "ws://node-7:9000/ws/chat"],
    ["/ws/chat", "ws://elsewhere:1/ws", "http://localhost:8000/", "ws://elsewhere:1/ws"],
  ])("socket address %j with override %j on %s", (wsUrl, override, page, expected) => {
    expect(socketUrl({ ...grant, wsUrl }, override, page)).toBe(expected);
  });

  it("sends the same device id on every visit, and passes on the server's words when refused", async () => {
    const bodies: Record<string, unknown>[] = [];
    const answers = [Response.json(grant), Response.json(grant), Response.json({ error: { code: "OVERLOADED", message: "all places are taken; please try again soon" } }, { status: 503 })];
    vi.stubGlobal("fetch", (_path: string, init: RequestInit) => {
      bodies.push(JSON.parse(init.body as string) as Record<string, unknown>);
      return Promise.resolve(answers.shift());
    });
    await requestSession(null);
    await requestSession("guide");
    await expect(requestSession(null)).rejects.toMatchObject({ code: "OVERLOADED", message: "All places are taken; please try again soon." });
    expect(bodies[0]?.deviceId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(bodies[1]).toEqual({ deviceId: bodies[0]?.deviceId, clone: "guide" });
  });

  it("asks once for a token, however many requests wait for it", async () => {
    const asked = serve(granted("one"), Response.json({ clones: [] }), Response.json({ clones: [] }));
    await Promise.all([clones(), clones()]);
    expect(asked.map(({ path }) => path)).toEqual(["/api/sessions", "/api/clones", "/api/clones"]);
    expect(asked[2]?.token).toBe("Bearer one");
  });

  it("renews a refused token, once", async () => {
    const asked = serve(granted("old"), refused(), granted("new"), Response.json({ clones: [{ slug: "a", name: "A" }] }));
    expect(await clones()).toEqual([{ slug: "a", name: "A" }]);
    expect(asked.map(({ token }) => token)).toEqual([null, "Bearer old", null, "Bearer new"]);
    expect(currentSession()?.token).toBe("new");
    serve(refused(), granted("third"), refused());
    await expect(clones()).rejects.toMatchObject({ code: "UNAUTHENTICATED", status: 401, message: "The token is too old." });
  });

  it("gives the token to no other server", async () => {
    const asked = serve(new Response("x"));
    await authorizedFetch("https://elsewhere.example/file");
    expect(asked).toEqual([{ path: "/file", token: null }]);
  });

  it("says what is wrong when the answer is not ours, or there is none", async () => {
    serve(granted("one"), new Response("<h1>Bad gateway</h1>", { status: 502 }), new TypeError("failed to fetch"));
    await expect(clones()).rejects.toMatchObject({ code: "HTTP_502", message: "The server answered with 502." });
    await expect(clones()).rejects.toMatchObject({ code: "UNREACHABLE", passing: true });
    serve(Response.json({ hello: 1 }));
    await expect(requestSession(null)).rejects.toMatchObject({ code: "BAD_ANSWER" });
  });

  it("signs in with a code, and uses that session from then on", async () => {
    const asked = serve(granted("mine"));
    await signIn("ABCD-1234");
    expect(asked[0]?.path).toBe("/api/sign-in");
    expect(await sessionToken()).toBe("mine");
  });
});
