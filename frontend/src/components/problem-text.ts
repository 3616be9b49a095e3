import type { IntlShape } from "react-intl";
import { Problem } from "@/lib/api";

type Known = keyof typeof import("./messages/en.json");

/** A title and what to do, in the teacher's language where we have words for the problem, else the server's. */
export function problemText(intl: IntlShape, error: unknown): { title: string; detail: string } {
  if (!(error instanceof Problem)) {
    return { title: intl.formatMessage({ id: "problem.surprise" }), detail: "" };
  }
  const titleId = `problem.${error.slug}`;
  const doId = `problem.${error.slug}.do`;
  const values = { seconds: error.retryAfterS ?? 0 };
  return {
    title: isKnown(intl, titleId)
      ? intl.formatMessage({ id: titleId }, values)
      : error.title || intl.formatMessage({ id: "problem.surprise" }),
    detail: isKnown(intl, doId) ? intl.formatMessage({ id: doId }, values) : error.detail,
  };
}

function isKnown(intl: IntlShape, id: string): id is Known {
  return id in intl.messages;
}
