import { beforeEach, describe, expect, it, vi } from "vitest";

const answer = (status: number, body: unknown = {}) =>
  new Response(status === 204 ? null : JSON.stringify(body), { status });
const tokens = (token: string) => answer(200, { access_token: token, expires_in: 900 });
const server = vi.fn<(input: RequestInfo | URL, init?: RequestInit) => Promise<Response>>();

/** As after a reload: nothing in memory. */
async function load() {
  vi.resetModules();
  const { session } = await import("./session");
  const { api } = await import("./client");
  return { session, api };
}

const path = (input: RequestInfo | URL) =>
  input instanceof Request ? new URL(input.url).pathname : String(input);
const authorization = (input: RequestInfo | URL) =>
  input instanceof Request ? input.headers.get("Authorization") : null;

beforeEach(() => {
  server.mockReset();
  vi.stubGlobal("fetch", server);
});

describe("A session", () => {
  it("is not asked for where nobody ever signed in", async () => {
    const { session } = await load();

    expect(await session.restore()).toBe("out");
    expect(server).not.toHaveBeenCalled();
  });

  it("goes on after a reload, through the cookie", async () => {
    localStorage.setItem("huleedu-signed-in", "1");
    server.mockResolvedValue(tokens("new"));
    const { session } = await load();

    expect(await session.restore()).toBe("in");
    expect(session.token).toBe("new");
    const [url, init] = server.mock.calls[0] ?? [];
    expect(url).toBe("/v1/auth/refresh");
    expect(init?.headers).toMatchObject({ "X-Requested-With": "huleedu" });
  });

  it("keeps no token where scripts of others could read it", async () => {
    server.mockResolvedValue(tokens("secret"));
    const { session } = await load();

    await session.signIn("a@b.example", "word");

    expect(JSON.stringify({ ...localStorage })).not.toContain("secret");
  });

  it("renews its token once, however many requests find it expired", async () => {
    localStorage.setItem("huleedu-signed-in", "1");
    let valid = "old";
    server.mockImplementation(async (input) => {
      if (path(input) === "/v1/auth/refresh") {
        valid = "new";
        return tokens("new");
      }
      return authorization(input) === `Bearer ${valid}` && valid === "new"
        ? answer(200, { items: [] })
        : answer(401);
    });
    const { api } = await load();

    await Promise.all([api.GET("/v1/courses"), api.GET("/v1/pipelines"), api.GET("/v1/me")]);

    const refreshes = server.mock.calls.filter(([input]) => path(input) === "/v1/auth/refresh");
    expect(refreshes).toHaveLength(1);
  });

  it("is over when the cookie is not taken either", async () => {
    localStorage.setItem("huleedu-signed-in", "1");
    server.mockImplementation(async () => answer(401, { type: "/problems/not-signed-in" }));
    const { session, api } = await load();
    const ended = vi.fn();
    session.subscribe(ended);

    await expect(api.GET("/v1/me")).rejects.toMatchObject({ status: 401 });

    expect(session.state).toBe("out");
    expect(ended).toHaveBeenCalledOnce();
  });

  it("outlives a server that is down", async () => {
    server.mockResolvedValueOnce(tokens("old"));
    const { session } = await load();
    await session.signIn("a@b.example", "word");

    server.mockResolvedValue(answer(503));

    expect(await session.refresh()).toBe(false);
    expect(session.state).toBe("in");
  });
});

describe("A refusal", () => {
  it("is thrown with its kind, its fields and how long to wait", async () => {
    server.mockResolvedValue(
      new Response(
        JSON.stringify({
          type: "/problems/too-many-requests",
          title: "Too many.",
          errors: [{ field: "/email", reason: "Wrong." }],
        }),
        { status: 429, headers: { "Retry-After": "7" } },
      ),
    );
    const { session } = await load();

    await expect(session.signIn("a", "b")).rejects.toMatchObject({
      slug: "too-many-requests",
      retryAfterS: 7,
      faults: [{ field: "/email", reason: "Wrong." }],
    });
  });

  it("is `offline` when nobody answers", async () => {
    server.mockRejectedValue(new TypeError("failed"));
    const { session } = await load();

    await expect(session.signIn("a", "b")).rejects.toMatchObject({ slug: "offline", status: 0 });
  });
});
