import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ReactNode } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Assessment } from "@/lib/api";
import { keepFile } from "@/lib/files";
import { render } from "@/testing/render";
import { anEssay, aRanking } from "../testing";
import { Grades } from "./Grades";

vi.mock("@/lib/files", () => ({ keepFile: vi.fn() }));
vi.mock("@tanstack/react-router", () => ({
  Link: ({ children }: { children: ReactNode }) => <span>{children}</span>,
}));

const GRADES = ["F", "E", "D", "C", "B", "A"];
const AT = "2026-03-02T10:00:00Z";
const graded = (essays: Assessment["essays"], why_not: string | null = null) =>
  aRanking({
    essays,
    grading: { scale: "swedish_a_f", grades: GRADES, why_not, without_anchors: [] },
  });
const sure = anEssay({
  essay_id: "sure",
  student_name: "Åsa",
  grade: { grade: "C", chances: { C: 0.9, D: 0.1 }, between: null, is_beyond: false },
});
const unsure = anEssay({
  essay_id: "unsure",
  student_name: "Bo",
  rank: 2,
  grade: { grade: "D", chances: { C: 0.44, D: 0.56 }, between: ["D", "C"], is_beyond: false },
});
const decided = anEssay({
  essay_id: "decided",
  student_name: "Cilla",
  rank: 3,
  grade: { grade: "D", chances: { D: 1 }, between: null, is_beyond: false },
  decided_grade: {
    grade: "B",
    suggested: "D",
    is_override: true,
    decided_at: AT,
    has_other_text: false,
  },
});
const anchor = anEssay({
  essay_id: "anchor",
  student_name: "Dan",
  rank: 4,
  anchor: { grade: "E", marked_at: AT, has_other_text: false },
});

let sent: { method: string; path: string; body: unknown }[];

beforeEach(() => {
  sent = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    const { pathname } = new URL(request.url);
    const text = await request.text();
    sent.push({
      method: request.method,
      path: pathname.replace("/v1/batches/b", ""),
      body: text ? JSON.parse(text) : null,
    });
    return request.method === "DELETE"
      ? new Response(null, { status: 204 })
      : Response.json({ items: [] });
  });
});
afterEach(() => vi.unstubAllGlobals());

const show = (found: Assessment) =>
  render(<Grades found={found} name="9A" essays={found.essays} />);

describe("a class without a scale", () => {
  it("is a ranking only, until one is chosen", async () => {
    await show(aRanking());
    expect(screen.getByText(/this is a ranking only/)).toBeVisible();

    await userEvent.selectOptions(screen.getByLabelText("Scale"), "eng5_national");
    await userEvent.click(screen.getByRole("button", { name: "Use this scale" }));

    await waitFor(() =>
      expect(sent).toEqual([
        { method: "PUT", path: "/grade-scale", body: { scale: "eng5_national", grades: null } },
      ]),
    );
  });

  it("may have grades of its own, two at least", async () => {
    await show(aRanking());
    await userEvent.selectOptions(screen.getByLabelText("Scale"), "custom");
    const use = screen.getByRole("button", { name: "Use this scale" });
    expect(use).toBeDisabled();

    await userEvent.type(screen.getByLabelText("The grades"), "fail{enter}pass");
    await userEvent.click(use);

    await waitFor(() =>
      expect(sent[0]?.body).toEqual({ scale: "custom", grades: ["fail", "pass"] }),
    );
  });
});

describe("essays whose grade is known", () => {
  it("are asked for where there are too few, and added", async () => {
    await show(graded([anEssay({ essay_id: "one", student_name: "Eva" })], "no_anchors"));
    expect(screen.getByText(/A ranking only: no grade is known yet/)).toBeVisible();
    const add = screen.getByRole("button", { name: "Add" });
    expect(add).toBeDisabled();

    await userEvent.selectOptions(screen.getByLabelText("Essay"), "1. Eva");
    await userEvent.selectOptions(screen.getByLabelText("Its grade"), "B");
    await userEvent.click(add);

    await waitFor(() =>
      expect(sent).toEqual([{ method: "PUT", path: "/anchors/one", body: { grade: "B" } }]),
    );
  });

  it("are taken back", async () => {
    await show(graded([anchor]));

    await userEvent.click(screen.getByRole("button", { name: "The grade of Dan is not known" }));

    await waitFor(() =>
      expect(sent).toEqual([{ method: "DELETE", path: "/anchors/anchor", body: null }]),
    );
  });
});

describe("grades", () => {
  const row = (name: string) =>
    within(screen.getByText(name, { selector: "ol span" }).closest("li") as HTMLElement);

  it("are suggested with how likely they are, and two where it is unsure", async () => {
    await show(graded([sure, unsure, anchor]));

    expect(row("Åsa").getByText("C", { selector: "strong" })).toBeVisible();
    expect(row("Åsa").getByText(/C 90%.*D 10%/)).toBeVisible();
    expect(row("Bo").getByText("between D and C")).toBeVisible();
    expect(row("Dan").getByText("Known: E")).toBeVisible();
  });

  it("are kept as a file under the name of the class", async () => {
    await show(graded([sure]));

    await userEvent.click(screen.getByRole("button", { name: "Download the grades" }));

    await waitFor(() => expect(keepFile).toHaveBeenCalledWith(expect.anything(), "9A grades.csv"));
    expect(sent).toMatchObject([{ method: "GET", path: "/grades.csv" }]);
  });

  it("are approved one by one", async () => {
    await show(graded([sure, unsure]));

    await userEvent.click(screen.getByRole("button", { name: "Approve C for Åsa" }));

    await waitFor(() =>
      expect(sent).toEqual([
        {
          method: "PATCH",
          path: "/grades",
          body: { grades: [{ essay_id: "sure", grade: "C" }] },
        },
      ]),
    );
  });

  it("are overridden only when that is said, whatever is passed by on the way", async () => {
    await show(graded([sure]));
    const choice = screen.getByLabelText("Grade of Åsa");
    expect(choice).toHaveValue("C");

    await userEvent.selectOptions(choice, "A");
    await userEvent.selectOptions(choice, "B");
    expect(sent).toEqual([]);
    await userEvent.click(screen.getByRole("button", { name: "Give B to Åsa" }));

    await waitFor(() =>
      expect(sent[0]?.body).toEqual({ grades: [{ essay_id: "sure", grade: "B" }] }),
    );
    expect(choice).toHaveFocus();
  });

  it("are approved all at once, after a question where some are unsure", async () => {
    await show(graded([sure, unsure, decided, anchor]));
    await userEvent.click(screen.getByRole("button", { name: "Approve all 2 suggestions" }));
    expect(screen.getByText(/There the first one is taken/)).toBeVisible();
    expect(sent).toEqual([]);

    await userEvent.click(screen.getByRole("button", { name: "Yes, approve all 2" }));

    await waitFor(() =>
      expect(sent[0]?.body).toEqual({
        grades: [
          { essay_id: "sure", grade: "C" },
          { essay_id: "unsure", grade: "D" },
        ],
      }),
    );
  });

  it("are the teacher's where they are overridden, which is shown and can be taken back", async () => {
    await show(graded([decided]));
    const choice = screen.getByLabelText("Grade of Cilla");
    expect(choice).toHaveValue("B");
    expect(screen.getByText("Instead of D")).toBeVisible();

    await userEvent.click(screen.getByRole("button", { name: "Take back the grade of Cilla" }));

    await waitFor(() =>
      expect(sent).toEqual([{ method: "DELETE", path: "/grades/decided", body: null }]),
    );
  });
});
