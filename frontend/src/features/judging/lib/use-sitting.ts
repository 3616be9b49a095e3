import { useCallback, useEffect, useRef, useState } from "react";
import { Problem } from "@/lib/api";
import { useDecide, useUndo } from "../api/decide";
import { useBorrow } from "../api/next-pair";
import { borrowed, decided, dropped, START, undone } from "./sitting";
import { useLooked } from "./use-looked";
import type { Choice, Reason } from "./words";

/** A decision in less than this is asked about. */
export const QUICK_MS = 3000;
/** The second half of a double click comes within this, and is not meant for the next pair. */
const BLINK_MS = 500;

/** What came of wanting to decide. */
export type Outcome = "decided" | "quick" | "ignored" | "taken" | "failed";

/** Judging pair after pair: the one that is shown, one in reserve, and the way back. */
export function useSitting(batchId: string) {
  const [sitting, setSitting] = useState(START);
  const [isDone, setDone] = useState(false);
  const { mutateAsync: borrow, error: borrowError } = useBorrow(batchId);
  const { mutateAsync: decide, error: decideError, reset } = useDecide();
  const { mutateAsync: undo, error: undoError } = useUndo();
  const shown = sitting.pairs[0];
  const looked = useLooked(shown?.comparison_id);
  const isBorrowing = useRef(false);
  const isBusy = useRef(false);

  const fetchNext = useCallback(async () => {
    if (isBorrowing.current) return;
    isBorrowing.current = true;
    try {
      const pair = await borrow();
      if (pair) setSitting((now) => borrowed(now, pair));
      setDone(pair === null);
    } catch {
      // It is shown where there is nothing else to show, and tried again with the next decision.
    } finally {
      isBorrowing.current = false;
    }
  }, [borrow]);

  const count = sitting.pairs.length;
  useEffect(() => {
    if (count < 2 && !isDone) void fetchNext();
  }, [count, isDone, fetchNext]);

  const choose = async (
    choice: Choice,
    reasons: readonly Reason[],
    isSure: boolean,
  ): Promise<Outcome> => {
    const lookedMs = looked();
    if (!shown || isBusy.current || lookedMs < BLINK_MS) return "ignored";
    if (lookedMs < QUICK_MS && !isSure) return "quick";
    isBusy.current = true;
    try {
      const { decision_id: decisionId } = await decide({
        comparisonId: shown.comparison_id,
        choice,
        reasons,
        lookedMs,
      });
      setSitting((now) => decided(now, { decisionId, lookedMs }));
      return "decided";
    } catch (error) {
      if (!(error instanceof Problem) || ![404, 409].includes(error.status)) return "failed";
      // Somebody else has the pair, or has decided it: there is no use in showing it any longer.
      setSitting(dropped);
      reset();
      return "taken";
    } finally {
      isBusy.current = false;
      setDone(false);
    }
  };

  const takeBack = async (): Promise<boolean> => {
    const last = sitting.made.at(-1);
    if (!last || isBusy.current) return false;
    isBusy.current = true;
    try {
      const { comparison } = await undo(last.decisionId);
      setSitting((now) => undone(now, comparison));
      return true;
    } catch {
      return false;
    } finally {
      isBusy.current = false;
    }
  };

  return {
    sitting,
    shown,
    isDone: isDone && !shown,
    /** Why there is no pair to show. */
    borrowError: shown ? null : borrowError,
    error: decideError ?? undoError,
    choose,
    takeBack,
    skip: () => {
      setSitting(dropped);
      setDone(false);
    },
    fetchNext,
  };
}
