import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { render } from "@/testing/render";
import { segmented } from "../lib/segments";
import { type SpellingError, spans, type Version } from "../lib/spelling";
import { EssayText } from "./EssayText";

const error = (id: number, start: number, text: string, more: Partial<SpellingError> = {}) => ({
  id,
  start,
  end: start + [...text].length,
  corrected_start: start,
  corrected_end: start + [...text].length,
  text,
  kind: "nonword" as const,
  correction: null,
  suggestions: [],
  confidence: 0,
  applied: false,
  occurrence_of: null,
  ...more,
});

const TEXT = "😀 I recieve it.\r\n\r\nIn june.";
const ERRORS: SpellingError[] = [error(0, 4, "recieve"), error(1, 22, "june", { kind: "case" })];

async function show(current?: number, version: Version = "original", errors = ERRORS) {
  const heard = { onLook: vi.fn(), onEnter: vi.fn() };
  await render(
    <EssayText
      text={TEXT}
      paragraphs={segmented(TEXT, spans(TEXT, errors, version))}
      errors={errors}
      current={current}
      version={version}
      {...heard}
    />,
  );
  return heard;
}

describe("the text of an essay", () => {
  it("marks exactly the words, behind an emoji too, and keeps its paragraphs", async () => {
    await show();

    expect(screen.getAllByRole("button").map((mark) => mark.textContent)).toEqual([
      "recieve",
      "june",
    ]);
    expect(screen.getAllByRole("paragraph").map((each) => each.textContent)).toEqual([
      "😀 I recieve it.",
      "In june.",
    ]);
  });

  it("says the kind of each error, not by its colour alone", async () => {
    await show();

    expect(screen.getByRole("button", { name: "recieve" })).toHaveAccessibleDescription(
      "Unknown word",
    );
    expect(screen.getByRole("button", { name: "june" })).toHaveAccessibleDescription(
      "Capital letter",
    );
  });

  it("is one stop for Tab: the error looked at, or else the first", async () => {
    const heard = await show();
    await userEvent.tab();

    expect(screen.getByRole("button", { name: "recieve" })).toHaveFocus();
    expect(heard.onLook).toHaveBeenCalledWith(0);
    await userEvent.tab();
    expect(document.body).toHaveFocus();
  });

  it("goes from a word to its explanation with Enter", async () => {
    const heard = await show(1);
    screen.getByRole("button", { name: "june", pressed: true }).focus();
    await userEvent.keyboard("{Enter}");

    expect(heard.onEnter).toHaveBeenCalled();
  });

  it("lets overlapping errors each be reached", async () => {
    await show(undefined, "original", [error(0, 4, "recieve"), error(1, 6, "cieve it")]);

    expect(screen.getAllByRole("button").map((mark) => mark.textContent)).toEqual(["re", "cieve"]);
    expect(screen.getAllByRole("mark").map((mark) => mark.textContent)).toEqual([
      "re",
      "cieve",
      " it",
    ]);
  });
});
