import { describe, expect, it } from "vitest";
import { type Span, segmented } from "./segments";

const span = (id: number, start: number, end: number): Span => ({ id, start, end });

/** Each paragraph as its pieces: `text` or `text{ids}`, with `*` where a span begins. */
const cut = (text: string, spans: Span[] = []) =>
  segmented(text, spans).map(({ segments }) =>
    segments
      .map(({ start, end, ids, begins }) => {
        const over = ids.map((id) => `${id}${begins.includes(id) ? "*" : ""}`).join(",");
        return over ? `${text.slice(start, end)}{${over}}` : text.slice(start, end);
      })
      .join("|"),
  );

describe("a text in segments", () => {
  it("is one piece without spans", () => {
    expect(cut("I like it.")).toEqual(["I like it."]);
  });

  it("is cut around each span", () => {
    expect(cut("I recieve a leter", [span(1, 12, 17), span(0, 2, 9)])).toEqual([
      "I |recieve{0*}| a |leter{1*}",
    ]);
  });

  it("holds overlapping spans, each beginning once", () => {
    expect(cut("abcdef", [span(0, 0, 4), span(1, 2, 6)])).toEqual(["ab{0*}|cd{0,1*}|ef{1}"]);
  });

  it("holds nested and equal spans, the longest first", () => {
    expect(cut("abcdef", [span(0, 1, 3), span(1, 0, 6), span(2, 1, 3)])).toEqual([
      "a{1*}|bc{1,0*,2*}|def{1}",
    ]);
  });

  it("lets spans touch", () => {
    expect(cut("abcd", [span(0, 0, 2), span(1, 2, 4)])).toEqual(["ab{0*}|cd{1*}"]);
  });

  it("goes on over a line break, without beginning twice", () => {
    expect(cut("to\nday is", [span(0, 0, 6)])).toEqual(["to{0*}", "day{0}| is"]);
  });

  it("begins a span that starts in a line break with the next paragraph", () => {
    expect(cut("a\n\nb", [span(0, 1, 4)])).toEqual(["a", "b{0*}"]);
  });

  it("has a paragraph per line that says something, whatever ends the line", () => {
    expect(cut("One.\r\n\r\n  \nTwo.\u2028Three.\n")).toEqual(["One.", "Two.", "Three."]);
  });

  it("cuts spans to the text and leaves empty ones out", () => {
    expect(cut("abc", [span(0, 2, 9), span(1, 1, 1), span(2, 7, 8)])).toEqual(["ab|c{0*}"]);
  });

  it("covers every character of 200 random sets of spans once, with exactly the spans over it", () => {
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % below;
    };
    for (let round = 0; round < 200; round += 1) {
      const text = Array.from({ length: 40 }, () => "abc \n"[random(5)]).join("");
      const spans = Array.from({ length: random(9) }, (_, id) => {
        const start = random(40);
        return span(id, start, start + 1 + random(8));
      });

      for (const { start, end, segments } of segmented(text, spans)) {
        let at = start;
        for (const segment of segments) {
          expect(segment.start).toBe(at);
          const over = spans.filter((s) => s.start < segment.end && s.end > segment.start);
          expect([...segment.ids].sort()).toEqual(over.map((s) => s.id).sort());
          at = segment.end;
        }
        expect(at).toBe(end);
      }
    }
  });
});
