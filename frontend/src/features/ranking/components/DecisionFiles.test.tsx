import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { chooseFile, keepFile } from "@/lib/files";
import { render } from "@/testing/render";
import { DecisionFiles } from "./DecisionFiles";

vi.mock("@/lib/files", () => ({ chooseFile: vi.fn(), keepFile: vi.fn() }));

const CSV = "judge,candidate_chosen,candidate_not_chosen\nAnna,essay-1,essay-2\n";

let sent: { method: string; path: string; type: string | null; body: string }[];
let answer: () => Response;

beforeEach(() => {
  sent = [];
  answer = () => Response.json({ import_id: "i", imported: 1, known: 2 });
  vi.mocked(chooseFile).mockResolvedValue(new File([CSV], "decisions.csv"));
  vi.stubGlobal("fetch", async (request: Request) => {
    const { method, headers } = request;
    const path = new URL(request.url).pathname.replace("/v1/batches/b", "");
    sent.push({ method, path, type: headers.get("Content-Type"), body: await request.text() });
    if (method === "DELETE") return Response.json({ withdrawn: 1 });
    return method === "GET" ? new Response(CSV) : answer();
  });
});
afterEach(() => vi.unstubAllGlobals());

const show = () => render(<DecisionFiles batchId="b" name="9A" />);
const bringIn = () => userEvent.click(screen.getByRole("button", { name: "Bring in decisions" }));

describe("decisions as a file", () => {
  it("are kept under the name of the class", async () => {
    await show();

    await userEvent.click(screen.getByRole("button", { name: "Download the decisions" }));

    await waitFor(() => expect(keepFile).toHaveBeenCalledWith(expect.anything(), "9A.csv"));
    expect(sent[0]).toMatchObject({ method: "GET", path: "/decisions.csv" });
  });

  it("are brought in as they are, and it says how many are new", async () => {
    await show();

    await bringIn();

    expect(await screen.findByText(/One decision was brought in; 2 were there/)).toBeVisible();
    expect(sent).toEqual([{ method: "POST", path: "/decisions", type: "text/csv", body: CSV }]);
  });

  it("are taken back", async () => {
    await show();
    await bringIn();

    await userEvent.click(await screen.findByRole("button", { name: "Take them back" }));

    expect(await screen.findByText("One decision is taken back.")).toBeVisible();
    expect(sent.at(-1)).toMatchObject({ method: "DELETE", path: "/decisions/imports/i" });
  });

  it("name the lines that are bad", async () => {
    answer = () =>
      Response.json(
        {
          type: "/problems/bad-decision-file",
          status: 400,
          errors: [{ field: "/candidate_chosen", line: 5, reason: "There is no essay 'x'." }],
        },
        { status: 400 },
      );
    await show();

    await bringIn();

    expect(await screen.findByRole("alert")).toHaveTextContent("has mistakes in it");
    expect(screen.getByRole("listitem")).toHaveTextContent("Line 5: There is no essay 'x'.");
  });

  it("are left alone where no file is chosen", async () => {
    vi.mocked(chooseFile).mockResolvedValue(null);
    await show();

    await bringIn();

    expect(sent).toEqual([]);
  });
});
