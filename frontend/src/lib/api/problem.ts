/** One field and what is wrong with it, as the server said it. */
export interface Fault {
  /** A JSON pointer into the request. */
  field: string;
  reason: string;
  /** Of a file, where what is wrong stands in a line. */
  line?: number;
}

interface ProblemBody {
  type?: string;
  title?: string;
  status?: number;
  detail?: string;
  correlation_id?: string;
  errors?: Fault[];
  [member: string]: unknown;
}

/** A refusal of the API (RFC 9457), or `offline` when there was no answer at all. */
export class Problem extends Error {
  /** The last part of the problem's type, for instance `batch-not-ready`. */
  readonly slug: string;
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly correlationId: string | null;
  readonly faults: Fault[];
  /** Seconds the server asks to wait, if it does. */
  readonly retryAfterS: number | null;
  readonly body: ProblemBody;

  constructor(status: number, body: ProblemBody, retryAfterS: number | null = null) {
    super(body.detail || body.title || `HTTP ${status}`);
    this.name = "Problem";
    this.status = status;
    this.body = body;
    this.slug = (body.type ?? "").split("/").pop() || (status === 0 ? "offline" : `http-${status}`);
    this.title = body.title ?? "";
    this.detail = body.detail ?? "";
    this.correlationId = body.correlation_id ?? null;
    this.faults = body.errors ?? [];
    this.retryAfterS = retryAfterS;
  }

  /** What is wrong with one field of the request, if anything. */
  fault(field: string): string | undefined {
    return this.faults.find((each) => each.field === `/${field}`)?.reason;
  }

  static async from(response: Response): Promise<Problem> {
    const body = (await response.json().catch(() => ({}))) as ProblemBody;
    return new Problem(response.status, body, seconds(response.headers.get("Retry-After")));
  }

  static offline(): Problem {
    return new Problem(0, {});
  }
}

function seconds(header: string | null): number | null {
  const value = header === null ? Number.NaN : Number(header);
  return Number.isFinite(value) ? value : null;
}
