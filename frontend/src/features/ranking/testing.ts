import type { Assessment, RankedEssay } from "@/lib/api";

/** An essay of a ranking, made up. */
export function anEssay(more: Partial<RankedEssay> = {}): RankedEssay {
  return {
    essay_id: "essay-1",
    position: 0,
    student_name: null,
    file_name: "a.txt",
    has_other_text: false,
    rank: 1,
    rank_low: 1,
    rank_high: 2,
    tie_group: 1,
    score: 1.2,
    se: 0.4,
    low: 0.5,
    high: 1.9,
    p_top: 0.9,
    infit: 1,
    outfit: 1,
    is_misfit: false,
    n: 12,
    component: 0,
    is_anchor: false,
    is_drifting: false,
    rank_without_prior: null,
    flags: [],
    anchor: null,
    grade: null,
    decided_grade: null,
    ...more,
  };
}

type Judge = Assessment["judges"][number];

function aJudge(judge: string, kind: Judge["kind"]): Judge {
  return {
    judge,
    kind,
    name: null,
    n: 20,
    invalid: 0,
    agreement: 0.8,
    left_rate: 0.5,
    position: 0,
    swap_consistency: null,
    infit: null,
    outfit: null,
    is_misfit: false,
    median_ms: 20_000,
  };
}

/** A ranking by the built-in judge and a person, made up. */
export function aRanking(more: Partial<Assessment> = {}): Assessment {
  return {
    batch_id: "b",
    run_id: "r",
    assessment_job_id: "j",
    revision: 1,
    is_current: true,
    grading: { scale: null, grades: [], why_not: "no_scale", without_anchors: [] },
    created_at: "2026-03-02T10:00:00Z",
    updated_at: "2026-03-02T10:00:00Z",
    decision_count: 40,
    rounds: 2,
    stop_reason: "budget",
    unmet: ["rounds", "reliability"],
    top: 3,
    reliability: {
      honest: 0.71,
      honest_low: 0.6,
      honest_high: 0.8,
      ssr: 0.91,
      split_half: null,
      is_internal: false,
      warning: null,
    },
    curve: [
      {
        round_no: 1,
        comparisons_per_essay: 2,
        honest: null,
        honest_low: null,
        honest_high: null,
        ssr: 0.4,
      },
      {
        round_no: 2,
        comparisons_per_essay: 4,
        honest: 0.71,
        honest_low: 0.6,
        honest_high: 0.8,
        ssr: 0.91,
      },
    ],
    more_comparisons: { ".80": 0, ".85": 40, ".90": null },
    spread: 1.4,
    prior_slope: null,
    essays: [anEssay()],
    left_out: [],
    judges: [aJudge("builtin", "builtin"), aJudge("p", "person")],
    disagreements: [],
    components: [["essay-1"]],
    ...more,
  };
}
