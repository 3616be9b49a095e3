import createClient from "openapi-fetch";
import { Problem } from "./problem";
import type { paths } from "./schema";
import { session } from "./session";

/** Fetch with the access token; when it has expired, once more with a new one. */
export async function authorised(request: Request): Promise<Response> {
  const again = request.clone();
  const response = await send(request);
  if (response.status !== 401) return response;
  return (await session.refresh()) ? send(again) : response;
}

async function send(request: Request): Promise<Response> {
  if (session.token) request.headers.set("Authorization", `Bearer ${session.token}`);
  try {
    return await fetch(request);
  } catch (error) {
    if (request.signal.aborted) throw error;
    throw Problem.offline();
  }
}

/** The API, typed by its own description. Whatever is refused is thrown as a `Problem`. */
export const api = createClient<paths>({
  baseUrl: globalThis.location?.origin ?? "",
  fetch: authorised,
});

api.use({
  async onResponse({ response }) {
    if (!response.ok && response.status !== 304) throw await Problem.from(response);
  },
});

/** The body of an answer that is known to have one. */
export async function body<T>(answer: Promise<{ data?: T }>): Promise<T> {
  const { data } = await answer;
  return data as T;
}
