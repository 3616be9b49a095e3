import { Problem } from "./problem";

/**
 * Who is signed in. The access token lives in memory only; a cookie that scripts cannot read gets a new one.
 */
export type SessionState = "unknown" | "in" | "out";

interface Tokens {
  access_token: string;
  expires_in: number;
}

// Only a hint that a refresh is worth trying; it opens nothing.
const HINT = "huleedu-signed-in";
const REFRESH_HEADERS = { "X-Requested-With": "huleedu" };

let token: string | null = null;
let state: SessionState = "unknown";
let refreshing: Promise<boolean> | null = null;
const listeners = new Set<() => void>();

export const session = {
  get state(): SessionState {
    return state;
  },
  get token(): string | null {
    return token;
  },
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  signIn,
  signOut,
  refresh,
  restore,
};

/** Sign in; raises the server's problem when it refuses. */
async function signIn(email: string, password: string): Promise<void> {
  const response = await post("/v1/auth/login", JSON.stringify({ email, password }));
  if (!response.ok) throw await Problem.from(response);
  keep((await response.json()) as Tokens);
}

/** Forget the session here, and on the server where it answers. */
async function signOut(): Promise<void> {
  const headers = token ? { Authorization: `Bearer ${token}` } : undefined;
  forget();
  await post("/v1/auth/logout", undefined, headers).catch(() => undefined);
}

/** At the start: whether there is a session to go on with. */
async function restore(): Promise<SessionState> {
  if (state === "unknown") {
    if (hint()) await refresh();
    else forget();
  }
  return state;
}

/**
 * A new access token through the cookie; whether there is one. Calls at the same time share one request, and tabs
 * take turns: the cookie changes with every use, and using an old one ends the session.
 */
function refresh(): Promise<boolean> {
  refreshing ??= inTurn(async () => {
    try {
      const response = await post("/v1/auth/refresh");
      if (response.ok) keep((await response.json()) as Tokens);
      else if (response.status < 500 && response.status !== 429) forget();
      return response.ok;
    } catch {
      // No network: the session may well be alive, and the next request asks again.
      if (state === "unknown") change("out", null);
      return false;
    }
  }).finally(() => {
    refreshing = null;
  });
  return refreshing;
}

async function inTurn(work: () => Promise<boolean>): Promise<boolean> {
  const locks = globalThis.navigator?.locks;
  return locks ? await locks.request("huleedu-refresh", work) : work();
}

async function post(url: string, body?: string, headers?: Record<string, string>) {
  try {
    return await fetch(url, {
      method: "POST",
      credentials: "same-origin",
      headers: {
        ...REFRESH_HEADERS,
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...headers,
      },
      body,
    });
  } catch {
    throw Problem.offline();
  }
}

function keep(tokens: Tokens): void {
  try {
    localStorage.setItem(HINT, "1");
  } catch {
    // Without storage one signs in again after a reload.
  }
  change("in", tokens.access_token);
}

function forget(): void {
  try {
    localStorage.removeItem(HINT);
  } catch {
    // Nothing was kept then.
  }
  change("out", null);
}

function hint(): boolean {
  try {
    return localStorage.getItem(HINT) !== null;
  } catch {
    return false;
  }
}

function change(next: SessionState, access: string | null): void {
  const before = state;
  token = access;
  state = next;
  if (before !== next) for (const listener of listeners) listener();
}
