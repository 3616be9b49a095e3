import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { EssayRow, Spelling } from "@/lib/api";
import { render } from "@/testing/render";
import { EssayLanguage } from "./EssayLanguage";
import { OtherLanguage } from "./OtherLanguage";

const essay = (language: EssayRow["language"], spelling: Partial<Spelling> = {}) =>
  ({ essay_id: "essay-1", language, spelling: { language: "sv", ...spelling } }) as EssayRow;

let asked: { method: string; path: string; body: unknown }[] = [];
let answer: () => Response;

beforeEach(() => {
  asked = [];
  answer = () => Response.json({});
  vi.stubGlobal("fetch", async (request: Request) => {
    const { pathname: path } = new URL(request.url);
    asked.push({ method: request.method, path, body: await request.json() });
    return answer();
  });
});
afterEach(() => vi.unstubAllGlobals());

const SAID = {
  method: "PATCH",
  path: "/v1/batches/b/essays/essay-1",
  body: { language: "en" },
};

describe("the language of an essay", () => {
  it("is the course's, which is told, and can be another", async () => {
    const { client } = await render(
      <EssayLanguage batchId="b" essay={essay(null)} course="sv" isRunning={false} />,
    );
    client.setQueryData(["batch", "b", "essay", "essay-1"], {});
    const choice = screen.getByRole("combobox", { name: "Language" });
    expect(choice).toHaveDisplayValue("Swedish (as the course)");

    await userEvent.selectOptions(choice, "English");

    await waitFor(() => expect(asked).toEqual([SAID]));
    await waitFor(() =>
      expect(client.getQueryState(["batch", "b", "essay", "essay-1"])?.isInvalidated).toBe(true),
    );
  });

  it("cannot be chosen while a run reads the essays", async () => {
    await render(<EssayLanguage batchId="b" essay={essay("en")} course="sv" isRunning />);

    const choice = screen.getByRole("combobox", { name: "Language" });

    expect(choice).toBeDisabled();
    expect(choice).toHaveDisplayValue("English");
  });

  it("says why it could not be changed", async () => {
    answer = () => Response.json({ type: "/problems/run-active", status: 409 }, { status: 409 });
    await render(<EssayLanguage batchId="b" essay={essay(null)} course="sv" isRunning={false} />);

    await userEvent.selectOptions(screen.getByRole("combobox"), "English");

    expect(await screen.findByRole("alert")).toHaveTextContent("A run is going on");
  });
});

describe("a text in another language", () => {
  it("is told, and can be read in that one", async () => {
    await render(<OtherLanguage batchId="b" essay={essay(null, { mismatch: "en" })} course="sv" />);
    expect(screen.getByText("This text seems to be written in English")).toBeVisible();

    await userEvent.click(screen.getByRole("button", { name: "Read it in English" }));

    await waitFor(() => expect(asked).toEqual([SAID]));
  });

  it("is told where nobody knows which", async () => {
    await render(
      <OtherLanguage batchId="b" essay={essay(null, { mismatch: "unknown" })} course="sv" />,
    );

    expect(screen.getByText("This text seems not to be written in Swedish")).toBeVisible();
    expect(screen.queryByRole("button")).toBeNull();
  });

  it("is nothing where a text is in its language", async () => {
    const { container } = await render(
      <OtherLanguage batchId="b" essay={essay(null, { mismatch: null })} course="sv" />,
    );

    expect(container).not.toHaveTextContent(/written/);
  });
});
