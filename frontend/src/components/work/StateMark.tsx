import type { PhaseProgress } from "@/lib/api";
import classes from "./StateMark.module.css";

/** How far one piece of work has come: a phase of a run, or one phase on one essay. */
export type WorkState =
  | "idle"
  | "waiting"
  | "queued"
  | "running"
  | "done"
  | "partly"
  | "failed"
  | "blocked"
  | "skipped"
  | "cancelled";

const OF_PHASE: Record<PhaseProgress["status"], WorkState> = {
  pending: "waiting",
  in_progress: "running",
  completed: "done",
  completed_with_failures: "partly",
  failed: "failed",
  skipped: "skipped",
  cancelled: "cancelled",
};

export function stateOfPhase(status: PhaseProgress["status"]): WorkState {
  return OF_PHASE[status];
}

/**
 * Each state has an outline of its own, so that none is told by its colour alone: a dot to come, a ring that waits, an
 * open ring under way, a full circle done, a triangle with failures, an octagon failed, a bar for what is not done.
 */
export function StateMark({ state, size = 18 }: { state: WorkState; size?: number }) {
  return (
    <svg
      className={classes.mark}
      data-state={state}
      width={size}
      height={size}
      viewBox="0 0 20 20"
      aria-hidden="true"
      focusable="false"
    >
      {SHAPES[state]}
    </svg>
  );
}

const SHAPES: Record<WorkState, React.ReactNode> = {
  idle: <circle cx="10" cy="10" r="2" className={classes.full} />,
  waiting: <circle cx="10" cy="10" r="7" className={classes.line} strokeDasharray="2.2 3.3" />,
  queued: <circle cx="10" cy="10" r="7" className={classes.line} />,
  running: (
    <g className={classes.turning}>
      <circle cx="10" cy="10" r="7" className={classes.faint} />
      <path d="M10 3a7 7 0 0 1 7 7" className={classes.line} />
    </g>
  ),
  done: (
    <>
      <circle cx="10" cy="10" r="8.5" className={classes.full} />
      <path d="m6 10.3 2.8 2.8L14.2 7.5" className={classes.cut} />
    </>
  ),
  partly: (
    <>
      <path d="M10 1.8 19 18H1Z" className={classes.full} />
      <path d="M10 7.5v5m0 2.6v.1" className={classes.cut} />
    </>
  ),
  failed: (
    <>
      <path d="M6.5 1.5h7l5 5v7l-5 5h-7l-5-5v-7Z" className={classes.full} />
      <path d="m7 7 6 6m0-6-6 6" className={classes.cut} />
    </>
  ),
  blocked: <path d="M4.5 10h11" className={classes.line} />,
  skipped: <path d="m4 5 5.5 5L4 15m6.5-10 5.5 5-5.5 5" className={classes.line} />,
  cancelled: <rect x="4" y="4" width="12" height="12" rx="1.5" className={classes.line} />,
};
