/** Where everything from the server lives in the query cache; the socket patches by these. */
export const keys = {
  me: ["me"] as const,
  courses: ["courses"] as const,
  catalogue: ["catalogue"] as const,
  batches: {
    all: ["batches"] as const,
    list: (search: object) => ["batches", "list", search] as const,
  },
  batch: {
    all: (batchId: string) => ["batch", batchId] as const,
    detail: (batchId: string) => ["batch", batchId, "detail"] as const,
    status: (batchId: string) => ["batch", batchId, "status"] as const,
    files: (batchId: string) => ["batch", batchId, "files"] as const,
    /** All essay rows of a batch, patched by the socket; see `useBatchLive`. */
    rows: (batchId: string) => ["batch", batchId, "rows"] as const,
    essays: (batchId: string, search: object) => ["batch", batchId, "essays", search] as const,
    allowedWords: (batchId: string) => ["batch", batchId, "allowed-words"] as const,
    spelling: (batchId: string) => ["batch", batchId, "spelling"] as const,
    assessment: (batchId: string) => ["batch", batchId, "assessment"] as const,
    essay: (batchId: string, essayId: string) => ["batch", batchId, "essay", essayId] as const,
  },
  notifications: {
    all: ["notifications"] as const,
    list: (search: object) => ["notifications", "list", search] as const,
    unread: ["notifications", "unread"] as const,
  },
};
