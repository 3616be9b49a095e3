import type { IntlShape } from "react-intl";

type Known = keyof typeof import("./messages/en.json");

/** Why something failed, and what to do about it where there is something to do. */
export interface FailureText {
  why: string;
  todo: string | null;
}

/** A failure code in the teacher's language; for a code that is newer than this page, the server's own sentence. */
export function failureText(
  intl: IntlShape,
  code: string | null | undefined,
  reason: string | null | undefined,
): FailureText {
  const why = `failure.${code}`;
  const todo = `failure.${code}.do`;
  return {
    why: has(intl, why)
      ? intl.formatMessage({ id: why })
      : reason || intl.formatMessage({ id: "failure.unknown" }),
    todo: has(intl, todo) ? intl.formatMessage({ id: todo }) : null,
  };
}

function has(intl: IntlShape, id: string): id is Known {
  return id in intl.messages;
}
