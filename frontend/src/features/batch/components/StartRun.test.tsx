import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { render } from "@/testing/render";
import { StartRun } from "./StartRun";

const phase = (name: string, depends_on: string[], prerequisites: string[]) => ({
  name,
  title: name,
  scope: "essay",
  queue: name,
  depends_on,
  after: [],
  prerequisites,
});
const CATALOGUE = {
  pipelines: [
    { name: "spellcheck", title: "Spelling", phases: ["spellcheck"] },
    { name: "comprehensive", title: "All", phases: ["spellcheck", "cj_assessment"] },
  ],
  phases: [phase("spellcheck", [], []), phase("cj_assessment", ["spellcheck"], ["instructions"])],
};

let assignment: string;
let sent: { path: string; body: unknown }[];

beforeEach(() => {
  assignment = "";
  sent = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    const { pathname: path } = new URL(request.url);
    if (path.endsWith("/v1/pipelines")) return Response.json(CATALOGUE);
    if (request.method === "GET") return Response.json({ essay_instructions: assignment });
    const body = await request.json();
    sent.push({ path, body });
    if (request.method === "PATCH") assignment = body.essay_instructions;
    return Response.json({ run_id: "r", canvas_id: "c", phases: [], skipped: [] });
  });
});
afterEach(() => vi.unstubAllGlobals());

const show = () => render(<StartRun batchId="b" rows={[]} isFirst />);
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
    await userEvent.type(await screen.findByRole("textbox"), "Write about a journey.");

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
