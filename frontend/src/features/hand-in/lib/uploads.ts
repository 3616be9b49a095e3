import { useSyncExternalStore } from "react";
import { type HandedIn, Problem } from "@/lib/api";
import { handIn } from "@/lib/api/upload";
import { uniqueKey } from "@/lib/unique-key";
import { bundles } from "./bundles";
import { essayIdAt } from "./essay-ids";
import { isArchive } from "./gather";

/** A file on its way. It leaves the list when the server has it; what was refused stays until it is dealt with. */
export interface Upload {
  id: number;
  file: File;
  essayId?: string;
  state: "waiting" | "sending" | "refused" | "failed";
  /** 0 to 1. */
  progress: number;
  /** Why the server did not take it. */
  refusals: HandedIn[];
  /** Why it could not be sent at all. */
  problem: Problem | null;
}

export interface BatchUploads {
  uploads: Upload[];
  /** Files the server has taken since the batch was opened here. */
  taken: number;
  /** All files given, those that were taken included. */
  given: number;
}

const AT_ONCE = 4;
const NOTHING: BatchUploads = { uploads: [], taken: 0, given: 0 };

const batches = new Map<string, BatchUploads>();
const queue: (() => Promise<void>)[] = [];
const listeners = new Set<() => void>();
let running = 0;
let lastId = 0;
let onTaken: (batchId: string) => void = () => undefined;

/** Uploads go on when one leaves the page for another of the application; they end with the tab. */
export const uploads = {
  /** Sends files to a batch; one with `essayId` takes, or replaces, that essay. */
  add(batchId: string, files: File[], essayId?: string): void {
    const added = files.map((file) => fresh(file, essayId));
    update(batchId, (now) => ({
      ...now,
      // A new file for an essay answers what was wrong with the last one.
      uploads: [...now.uploads.filter((each) => !essayId || each.essayId !== essayId), ...added],
      given: now.given + added.length,
    }));
    enqueue(batchId, added);
  },
  /**
   * Sends the first files of a batch. Requests overtake each other, so each file is told its essay; only what is in an
   * archive takes what is free.
   */
  begin(batchId: string, files: File[]): void {
    const hasArchive = files.some(isArchive);
    const added = files.map((file, at) => fresh(file, hasArchive ? undefined : essayIdAt(at)));
    update(batchId, () => ({ uploads: added, taken: 0, given: added.length }));
    enqueue(batchId, added);
  },
  /** Sends one again, another file in its place if given. */
  again(batchId: string, id: number, file?: File): void {
    const old = batches.get(batchId)?.uploads.find((each) => each.id === id);
    if (!old) return;
    const next = fresh(file ?? old.file, old.essayId);
    update(batchId, (now) => ({
      ...now,
      uploads: now.uploads.map((each) => (each.id === id ? next : each)),
    }));
    enqueue(batchId, [next]);
  },
  /** Forgets one that was refused or failed. */
  drop(batchId: string, id: number): void {
    update(batchId, (now) => ({
      ...now,
      uploads: now.uploads.filter((each) => each.id !== id),
      given: now.given - 1,
    }));
  },
  isBusy(batchId?: string): boolean {
    const some = batchId === undefined ? [...batches.values()] : [batches.get(batchId) ?? NOTHING];
    return some.some((each) => each.uploads.some(isOnItsWay));
  },
  /** Starts counting anew, unless something is still on its way or needs somebody. */
  forget(batchId: string): void {
    if (uploads.get(batchId).uploads.length === 0) batches.delete(batchId);
  },
  get(batchId: string): BatchUploads {
    return batches.get(batchId) ?? NOTHING;
  },
  /** Called after every answer of the server, so that the list is read again. */
  whenTaken(listener: (batchId: string) => void): void {
    onTaken = listener;
  },
};

export function useUploads(batchId: string): BatchUploads {
  return useSyncExternalStore(subscribe, () => uploads.get(batchId));
}

export function isOnItsWay(upload: Upload): boolean {
  return upload.state === "waiting" || upload.state === "sending";
}

function fresh(file: File, essayId?: string): Upload {
  lastId += 1;
  return { id: lastId, file, essayId, state: "waiting", progress: 0, refusals: [], problem: null };
}

function enqueue(batchId: string, items: Upload[]): void {
  for (const bundle of bundles(items)) queue.push(() => send(batchId, bundle));
  pump();
}

function pump(): void {
  while (running < AT_ONCE) {
    const next = queue.shift();
    if (!next) return;
    running += 1;
    next().finally(() => {
      running -= 1;
      pump();
    });
  }
}

async function send(batchId: string, bundle: Upload[]): Promise<void> {
  const ids = new Set(bundle.map((each) => each.id));
  patch(batchId, ids, { state: "sending" });
  try {
    const rows = await handIn(batchId, bundle, {
      key: uniqueKey(),
      onProgress: (sent, total) => patch(batchId, ids, { progress: total ? sent / total : 0 }),
    });
    settle(batchId, bundle, rows);
  } catch (error) {
    const problem = error instanceof Problem ? error : new Problem(0, {});
    // Too much for one request may still be fine file by file.
    if (problem.status === 413 && bundle.length > 1) {
      for (const each of bundle) queue.unshift(() => send(batchId, [each]));
    } else {
      patch(batchId, ids, { state: "failed", problem });
    }
  }
  onTaken(batchId);
}

function settle(batchId: string, bundle: Upload[], rows: HandedIn[]): void {
  const answers = perFile(bundle, rows);
  update(batchId, (now) => {
    let taken = now.taken;
    const left = now.uploads.flatMap((upload) => {
      const answer = answers.get(upload.id);
      if (!answer) return [upload];
      const refusals = answer.filter((row) => row.status === "refused");
      if (refusals.length < answer.length) taken += 1;
      if (refusals.length === 0) return [];
      return [{ ...upload, state: "refused" as const, progress: 1, refusals }];
    });
    return { ...now, uploads: left, taken };
  });
}

/** The server answers in the order of the request: a row per file, or all rows of an archive, which came alone. */
export function perFile(bundle: Upload[], rows: HandedIn[]): Map<number, HandedIn[]> {
  const [only] = bundle;
  if (only && bundle.length === 1) return new Map([[only.id, rows]]);
  return new Map(
    bundle.map((upload, index) => {
      const row = rows[index];
      return [upload.id, row ? [row] : []];
    }),
  );
}

function patch(batchId: string, ids: Set<number>, change: Partial<Upload>): void {
  update(batchId, (now) => ({
    ...now,
    uploads: now.uploads.map((each) => (ids.has(each.id) ? { ...each, ...change } : each)),
  }));
}

function update(batchId: string, change: (now: BatchUploads) => BatchUploads): void {
  batches.set(batchId, change(uploads.get(batchId)));
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

addEventListener("beforeunload", (event) => {
  if (uploads.isBusy()) event.preventDefault();
});
