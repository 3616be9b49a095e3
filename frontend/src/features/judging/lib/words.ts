export type Choice = "left" | "right" | "tie" | "invalid";

/** What speaks for an essay. */
export const FOR = ["content", "task", "structure", "language", "vocabulary", "style"] as const;

/** Why a pair cannot be judged. */
export const AGAINST = [
  "unreadable",
  "incomplete",
  "other_language",
  "copied",
  "worrying",
] as const;

export type Reason = (typeof FOR)[number] | (typeof AGAINST)[number];
