import { useMutation } from "@tanstack/react-query";
import { api, body } from "@/lib/api";
import type { Choice, Reason } from "../lib/words";

export interface Decision {
  comparisonId: string;
  choice: Choice;
  reasons: readonly Reason[];
  /** How long the person looked at the pair. */
  lookedMs: number;
}

/** Sends a decision; the same sent twice is one. */
export function useDecide() {
  return useMutation({
    mutationFn: ({ comparisonId, choice, reasons, lookedMs }: Decision) =>
      body(
        api.POST("/v1/comparisons/{comparison_id}/decision", {
          params: { path: { comparison_id: comparisonId } },
          body: { choice, reasons: [...reasons], duration_ms: Math.round(lookedMs) },
        }),
      ),
  });
}

/** Takes a decision back; its pair is lent again, where that can be. */
export function useUndo() {
  return useMutation({
    mutationFn: (decisionId: string) =>
      body(
        api.DELETE("/v1/decisions/{decision_id}", {
          params: { path: { decision_id: decisionId } },
        }),
      ),
  });
}
