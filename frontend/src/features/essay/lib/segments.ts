/** A half-open stretch of the text that something is said about. Ids are unique. */
export interface Span {
  id: number;
  start: number;
  end: number;
}

/** A stretch with the same spans over all of it. */
export interface Segment {
  start: number;
  end: number;
  /** The spans over it; the one that began first comes first, and of those the longest. */
  ids: number[];
  /** Those of the spans that begin here, and so can be reached by keyboard here. */
  begins: number[];
}

export interface Paragraph {
  start: number;
  end: number;
  segments: Segment[];
}

/**
 * Cuts a text into paragraphs, and those at every end of a span, so that spans may overlap, nest or run on over a
 * line break. A sweep over the sorted ends: n spans cost n log n, however they lie.
 *
 * Spans outside the text are cut to it; empty ones are left out. Lines without anything but blanks are no paragraphs.
 */
export function segmented(text: string, spans: readonly Span[]): Paragraph[] {
  const sorted = spans
    .map((span) => ({
      ...span,
      end: Math.min(span.end, text.length),
      start: Math.max(0, span.start),
    }))
    .filter((span) => span.start < span.end)
    .sort((a, b) => a.start - b.start || b.end - a.end || a.id - b.id);
  const begun = new Set<number>();
  const paragraphs: Paragraph[] = [];
  let next = 0;
  let open: Span[] = [];
  for (const { start, end } of lines(text)) {
    const segments: Segment[] = [];
    let at = start;
    open = open.filter((span) => span.end > start);
    while (at < end) {
      for (let span = sorted[next]; span && span.start <= at; span = sorted[next]) {
        if (span.end > at) open.push(span);
        next += 1;
      }
      const stop = Math.min(end, sorted[next]?.start ?? end, ...open.map((span) => span.end));
      const ids = open.map((span) => span.id);
      segments.push({ start: at, end: stop, ids, begins: ids.filter((id) => !begun.has(id)) });
      for (const id of ids) begun.add(id);
      at = stop;
      open = open.filter((span) => span.end > at);
    }
    paragraphs.push({ start, end, segments });
  }
  return paragraphs;
}

const LINE_BREAK = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/g;

function* lines(text: string): Generator<{ start: number; end: number }> {
  let start = 0;
  for (const found of text.matchAll(LINE_BREAK)) {
    if (text.slice(start, found.index).trim()) yield { start, end: found.index };
    start = found.index + found[0].length;
  }
  if (text.slice(start).trim()) yield { start, end: text.length };
}
