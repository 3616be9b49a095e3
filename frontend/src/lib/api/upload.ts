import { Problem } from "./problem";
import { session } from "./session";
import type { HandedIn } from "./types";

export interface Part {
  file: File;
  /** The essay it is for; without, it takes the first that has none. */
  essayId?: string;
}

interface Options {
  /** The same for every try, so that a request whose answer got lost is not carried out twice. */
  key: string;
  /** Bytes sent so far of all. */
  onProgress?: (sent: number, total: number) => void;
  signal?: AbortSignal;
}

const TRIES = 4;
const PAUSE_MS = 800;

/** Hands in some files with one request: a row per file, in order, more for an archive. */
export async function handIn(
  batchId: string,
  parts: Part[],
  options: Options,
): Promise<HandedIn[]> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await send(batchId, parts, options);
    } catch (error) {
      if (attempt >= TRIES || !isWorthAnotherTry(error) || options.signal?.aborted) throw error;
      const asked = (error as Problem).retryAfterS;
      await pause(asked === null ? PAUSE_MS * 2 ** (attempt - 1) : asked * 1000);
    }
  }
}

function isWorthAnotherTry(error: unknown): boolean {
  if (!(error instanceof Problem)) return false;
  return (
    error.status === 0 ||
    error.status === 429 ||
    error.status >= 500 ||
    error.slug === "idempotency-in-progress"
  );
}

async function send(batchId: string, parts: Part[], options: Options): Promise<HandedIn[]> {
  let answer = await request(batchId, parts, options);
  if (answer.status === 401 && (await session.refresh())) {
    answer = await request(batchId, parts, options);
  }
  if (!answer.ok) throw await Problem.from(answer);
  return ((await answer.json()) as { items: HandedIn[] }).items;
}

/** `fetch` does not say how far it has come; this is the one place that needs to know. */
function request(batchId: string, parts: Part[], options: Options): Promise<Response> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    const form = new FormData();
    for (const { file, essayId } of parts) {
      form.append(essayId ? `files[${essayId}]` : "files", file, file.name);
    }
    xhr.open("POST", `/v1/batches/${batchId}/files`);
    if (session.token) xhr.setRequestHeader("Authorization", `Bearer ${session.token}`);
    xhr.setRequestHeader("Idempotency-Key", options.key);
    xhr.upload.onprogress = (event) => options.onProgress?.(event.loaded, event.total);
    xhr.onload = () =>
      resolve(
        new Response(xhr.status === 204 ? null : xhr.responseText, {
          status: xhr.status,
          headers: retryAfter(xhr),
        }),
      );
    xhr.onerror = () => reject(Problem.offline());
    xhr.onabort = () => reject(new DOMException("Aborted", "AbortError"));
    options.signal?.addEventListener("abort", () => xhr.abort(), { once: true });
    xhr.send(form);
  });
}

function retryAfter(xhr: XMLHttpRequest): HeadersInit {
  const value = xhr.getResponseHeader("Retry-After");
  return value ? { "Retry-After": value } : {};
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
