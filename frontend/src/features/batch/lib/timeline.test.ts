import { describe, expect, it } from "vitest";
import { type BatchEvent, timeline } from "./timeline";

let no = 0;
const event = (event_type: string, data: Record<string, unknown> = {}): BatchEvent => {
  no += 1;
  return { event_no: no, event_type, event_timestamp: "2026-03-02T10:00:00Z", data };
};
const said = (...events: BatchEvent[]) =>
  timeline(events).map(({ text, phase, values }) =>
    [text, phase, values.count].filter((part) => part !== null && part !== undefined).join(" "),
  );

describe("the timeline", () => {
  it("says once what happened essay by essay", () => {
    const read = () => event("EssayContentReady");

    expect(
      said(
        event("BatchEssaysRegistered", { expected_essay_count: 3 }),
        event("BatchFilesUploadedV1", { file_count: 3, refused_count: 0 }),
        read(),
        event("EssayContentFailedV1"),
        read(),
        event("BatchEssaysReady", { ready_count: 2, failed_count: 1, missing_count: 0 }),
      ),
    ).toEqual([
      "registered 3",
      "files-uploaded 3",
      "texts-failed 1",
      "texts-read 2",
      "all-ready 2",
    ]);
  });

  it("keeps the phases of results apart, and what failed from what went well", () => {
    const result = (phase_name: string, status: string) =>
      event("EssayPhaseResultV1", { phase_name, status });

    expect(
      said(result("nlp", "done"), result("spellcheck", "failed"), result("nlp", "done")),
    ).toEqual(["results-failed spellcheck 1", "results-landed nlp 2"]);
  });

  it("says how a phase and a run ended", () => {
    expect(
      said(
        event("ELSBatchPhaseOutcomeV1", {
          phase_name: "nlp",
          phase_status: "completed_with_failures",
          processed_essays: [{}, {}],
          failed_essay_ids: ["essay-3"],
        }),
        event("BatchPipelineEndedV1", {
          run_status: "completed_with_failures",
          completed_essays: 2,
          total_essays: 3,
        }),
      ),
    ).toEqual(["phase-ended-with-failures nlp 2", "run-completed-with-failures 2"]);
  });

  it("says what was not taken once", () => {
    const refused = (taken: number) =>
      event("BatchFilesRefusedV1", { refused_count: 2, taken_count: taken });

    expect(said(refused(3), refused(0))).toEqual(["files-refused 2"]);
  });

  it("tells a phase that is done already from one nothing was left for", () => {
    const skipped = (reason: string) => event("BatchPhaseSkippedV1", { phase_name: "nlp", reason });

    expect(
      said(
        skipped("already_done"),
        skipped("not_asked_for"),
        skipped("no_essay_passed:spellcheck"),
      ),
    ).toEqual(["phase-skipped nlp", "phase-not-asked-for nlp", "phase-skipped-nothing-passed nlp"]);
  });

  it("says of rounds only how far they have come", () => {
    const round = (round_no: number) =>
      event("BatchPhaseWaveStartedV1", {
        phase_name: "cj_assessment",
        wave_no: round_no + 1,
        round_no,
        most_rounds: 20,
      });

    const [entry, ...others] = timeline([round(1), round(2), round(3)]);

    expect(others).toEqual([]);
    expect(entry).toMatchObject({
      text: "round",
      phase: "cj_assessment",
      values: { round: 3, most: 20 },
    });
  });

  it("leaves out what it does not know", () => {
    expect(said(event("SomethingNewV9"), event("BatchPhaseWaveStartedV1"))).toEqual([]);
  });
});
