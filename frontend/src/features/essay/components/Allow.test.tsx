import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { render } from "@/testing/render";
import type { SpellingError } from "../lib/spelling";
import { Allow, UndoAllow } from "./Allow";
import { AllowedWords } from "./AllowedWords";

const ERROR = { id: 3, text: "sjuk\nhus", kind: "compound_split" } as SpellingError;
const WORDS = "/v1/batches/b/allowed-words";

let asked: { method: string; path: string; body: unknown }[] = [];
let answer: () => Response = () => new Response(null, { status: 204 });

beforeEach(() => {
  asked = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    const text = await request.text();
    const path = new URL(request.url).pathname;
    asked.push({ method: request.method, path, body: text ? JSON.parse(text) : undefined });
    return answer();
  });
});
afterEach(() => vi.unstubAllGlobals());

describe("a word that is no error in this class", () => {
  it("is said with one space between its parts, and everything of the batch is read anew", async () => {
    answer = () => Response.json({ word: "sjuk hus", allowed_at: "2026-01-01T00:00:00Z" });
    const onAllowed = vi.fn();
    const { client } = await render(<Allow batchId="b" error={ERROR} onAllowed={onAllowed} />);
    client.setQueryData(["batch", "b", "essay", "essay-1"], {});

    await userEvent.click(screen.getByRole("button", { name: "Not an error in this class" }));

    await waitFor(() => expect(onAllowed).toHaveBeenCalledWith(ERROR));
    expect(asked).toEqual([{ method: "POST", path: WORDS, body: { word: "sjuk hus" } }]);
    expect(client.getQueryState(["batch", "b", "essay", "essay-1"])?.isInvalidated).toBe(true);
  });

  it("says why it could not be allowed", async () => {
    answer = () =>
      Response.json({ type: "/problems/too-many-allowed-words", status: 409 }, { status: 409 });
    const onAllowed = vi.fn();
    await render(<Allow batchId="b" error={ERROR} onAllowed={onAllowed} />);

    await userEvent.click(screen.getByRole("button"));

    expect(await screen.findByRole("alert")).toHaveTextContent("No more words can be allowed here");
    expect(onAllowed).not.toHaveBeenCalled();
  });

  it("is an error again with the button that has the focus", async () => {
    answer = () => new Response(null, { status: 204 });
    const onUndone = vi.fn();
    await render(<UndoAllow batchId="b" error={ERROR} onUndone={onUndone} />);
    expect(screen.getByRole("button", { name: "Undo" })).toHaveFocus();

    await userEvent.keyboard("{Enter}");

    await waitFor(() => expect(onUndone).toHaveBeenCalledWith(ERROR));
    expect(asked).toEqual([{ method: "DELETE", path: `${WORDS}/sjuk%20hus`, body: undefined }]);
  });
});

describe("the words that are no errors in this class", () => {
  it("are listed, each with the way back", async () => {
    answer = () =>
      Response.json({
        items: [{ word: "kollis", allowed_at: "2026-01-01T00:00:00Z" }],
        next_cursor: null,
      });
    await render(<AllowedWords batchId="b" />);
    await userEvent.click(await screen.findByText("One word that is no error in this class"));

    await userEvent.click(screen.getByRole("button", { name: "Let kollis be an error again" }));

    await waitFor(() => expect(asked.map(({ method }) => method)).toContain("DELETE"));
  });

  it("are not there while there are none", async () => {
    answer = () => Response.json({ items: [], next_cursor: null });
    await render(<AllowedWords batchId="b" />);

    await waitFor(() => expect(asked).toHaveLength(1));
    expect(screen.queryByRole("group")).toBeNull();
  });
});
