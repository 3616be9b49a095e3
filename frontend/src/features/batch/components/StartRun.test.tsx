import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { EssayRow } from "@/lib/api";
import { render } from "@/testing/render";
import { StartRun } from "./StartRun";

const USUAL = {
  judge: "builtin",
  profile: "balanced",
  target: 0.8,
  most_rounds: 20,
  with_prior: false,
};
const COSTS = {
  model: "judge-1",
  currency: "USD",
  essay_count: 30,
  most_rounds: 20,
  least: { requests: 150, money: 0.4 },
  most: { requests: 600, money: 1.6 },
  budget: 1,
  spent: 0,
  is_within_budget: false,
};
const phase = (name: string, depends_on: string[], prerequisites: string[]) => ({
  name,
  title: name,
  scope: name === "cj_assessment" ? "batch" : "essay",
  queue: name,
  depends_on,
  after: [],
  prerequisites,
  judging: name === "cj_assessment" ? USUAL : null,
});
const CATALOGUE = {
  pipelines: [
    { name: "spellcheck", title: "Spelling", phases: ["spellcheck"] },
    { name: "comprehensive", title: "All", phases: ["spellcheck", "cj_assessment"] },
  ],
  phases: [phase("spellcheck", [], []), phase("cj_assessment", ["spellcheck"], ["instructions"])],
};

let model: string | null;
let assignment: string;
let sent: { path: string; body: unknown }[];

beforeEach(() => {
  model = null;
  assignment = "";
  sent = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    const { pathname: path } = new URL(request.url);
    if (path.endsWith("/v1/pipelines")) return Response.json({ ...CATALOGUE, model });
    if (path.endsWith("/judging-costs")) return Response.json(COSTS);
    if (request.method === "GET") return Response.json({ essay_instructions: assignment });
    const body = await request.json();
    sent.push({ path, body });
    if (request.method === "PATCH") assignment = body.essay_instructions;
    return Response.json({ run_id: "r", canvas_id: "c", phases: [], skipped: [] });
  });
});
afterEach(() => vi.unstubAllGlobals());

const show = (rows: EssayRow[] = []) => render(<StartRun batchId="b" rows={rows} isFirst />);
const start = () => screen.findByRole("button", { name: "Start" });

describe("what needs the text of the assignment", () => {
  it("is told before it is started, and does not start without", async () => {
    await show();

    expect(await screen.findByRole("radio", { name: /Everything/ })).toBeChecked();
    expect(await screen.findAllByText(/Ranking needs the text of the assignment/)).toHaveLength(2);
    expect(await start()).toBeDisabled();
  });

  it("starts once that has been written", async () => {
    await show();
    await userEvent.type(
      await screen.findByRole("textbox", { name: "The assignment" }),
      "Write about a journey.",
    );

    await userEvent.click(screen.getByRole("button", { name: "Save the assignment" }));

    await waitFor(() => expect(screen.getByRole("button", { name: "Start" })).toHaveFocus());
    expect(screen.queryByText(/needs the text/)).toBeNull();
    expect(sent).toEqual([
      { path: "/v1/batches/b", body: { essay_instructions: "Write about a journey." } },
    ]);
  });

  it("leaves the rest to be started as it is", async () => {
    await show();

    await userEvent.click(await screen.findByRole("radio", { name: /Check the spelling/ }));
    await userEvent.click(await start());

    await waitFor(() =>
      expect(sent).toEqual([
        { path: "/v1/batches/b/pipelines", body: { requested_pipeline: "spellcheck" } },
      ]),
    );
  });

  it("is no matter where there is one", async () => {
    assignment = "Write about a journey.";
    await show();

    expect(await start()).toBeEnabled();
    expect(screen.queryByText(/needs the text/)).toBeNull();
  });
});

describe("how essays are compared", () => {
  const open = async () => {
    assignment = "Write about a journey.";
    await show();
    await userEvent.click(await screen.findByText(/compares the essays, in/));
  };
  const started = async () => {
    await userEvent.click(await start());
    await waitFor(() => expect(sent).toHaveLength(1));
    return sent[0]?.body;
  };

  it("is as usual unless something else is chosen", async () => {
    await open();

    expect(await started()).toEqual({ requested_pipeline: "comprehensive" });
  });

  it("may be by people, who need no rounds", async () => {
    await open();

    await userEvent.click(screen.getByRole("radio", { name: "People" }));

    expect(screen.queryByLabelText(/Rounds/)).toBeNull();
    expect(await started()).toEqual({
      requested_pipeline: "comprehensive",
      judging: { judge: "person" },
    });
  });

  it("may be by a model where there is one, whose price is told before", async () => {
    model = "judge-1";
    await open();

    await userEvent.click(screen.getByRole("radio", { name: "A language model" }));
    await userEvent.click(screen.getByRole("checkbox", { name: /beforehand/ }));

    expect(await screen.findByText(/Between .*0\.40 and .*1\.60/)).toBeVisible();
    expect(screen.getByText(/It may take more than what is left/)).toBeVisible();
    expect(await started()).toEqual({
      requested_pipeline: "comprehensive",
      judging: { judge: "llm", with_prior: true },
    });
  });

  it("is by no model where none is set up, and says so", async () => {
    await open();

    expect(screen.queryByRole("radio", { name: "A language model" })).toBeNull();
    expect(screen.getByText(/if one were set up here/)).toBeVisible();
  });

  it("is nobody's question where nothing is compared", async () => {
    await open();

    await userEvent.click(screen.getByRole("radio", { name: /Check the spelling/ }));

    expect(screen.queryByText(/compares the essays, in/)).toBeNull();
  });

  it("may be done again, by others, where it has been done", async () => {
    const done = { status: "done", failure_code: null, failure_reason: null } as const;
    const phases = { spellcheck: done, cj_assessment: done };
    assignment = "Write about a journey.";
    await show([{ status: "processed", phases } as unknown as EssayRow]);

    expect(await start()).toBeEnabled();
    expect(screen.getAllByText("Spelling: there already, will be skipped")).toHaveLength(2);
    expect(screen.queryByText("Ranking: there already, will be skipped")).toBeNull();

    await userEvent.click(screen.getByRole("radio", { name: /Check the spelling/ }));

    expect(await start()).toBeDisabled();
  });
});
