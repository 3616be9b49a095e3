import { readFileSync } from "node:fs";
import { glob } from "node:fs/promises";
import { parse } from "@formatjs/icu-messageformat-parser";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { LOCALES } from "@/lib/i18n";
import { readCatalogue } from "../../vite/messages";

const ROOT = process.cwd();
const en = await readCatalogue(ROOT, "en");
const sv = await readCatalogue(ROOT, "sv");
// What people read that is no child of an element.
const READ_ATTRIBUTES = new Set([
  "aria-label",
  "title",
  "placeholder",
  "alt",
  "label",
  "description",
]);

describe("The messages", () => {
  it("are the same in both languages", () => {
    expect(Object.keys(sv).sort()).toEqual(Object.keys(en).sort());
  });

  it("take the same values in both languages", () => {
    const different = Object.keys(en).filter(
      (id) => slots(sv[id] ?? "").join() !== slots(en[id] ?? "").join(),
    );

    expect(different).toEqual([]);
  });

  it("are none of them empty", () => {
    for (const texts of [en, sv]) {
      expect(Object.entries(texts).filter(([, text]) => !text.trim())).toEqual([]);
    }
  });

  it("are all typed", async () => {
    const typed = readFileSync("src/app/message-ids.d.ts", "utf8");
    for await (const file of glob("src/**/messages/en.json")) {
      expect(typed).toContain(file.replace(/^src\//, "").replace(/^app\//, "./"));
    }
    expect(LOCALES).toEqual(["en", "sv"]);
  });
});

describe("Components", () => {
  it("have no words of their own", async () => {
    const found: string[] = [];
    for await (const file of glob("src/**/*.tsx")) {
      if (!file.endsWith(".test.tsx")) found.push(...literals(file));
    }
    expect(found).toEqual([]);
  });
});

/** The values a message takes, by name. */
function slots(message: string): string[] {
  const names = new Set<string>();
  const visit = (elements: ReturnType<typeof parse>) => {
    for (const element of elements) {
      if (element.type === 0 || element.type === 7) continue;
      names.add(element.value);
      if ("options" in element) {
        for (const option of Object.values(element.options)) visit(option.value);
      }
      if ("children" in element) visit(element.children);
    }
  };
  visit(parse(message));
  return [...names].sort();
}

/** Words in a component's source that a reader would see. Names of products are no words. */
function literals(file: string): string[] {
  const source = ts.createSourceFile(
    file,
    readFileSync(file, "utf8"),
    ts.ScriptTarget.Latest,
    true,
    ts.ScriptKind.TSX,
  );
  const found: string[] = [];
  const note = (node: ts.Node, text: string) => {
    const isWords = /\p{L}{2,}/u.test(text) && !(text.trim() in en) && text.trim() !== "HuleEdu";
    if (isWords) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      found.push(`${file}:${line + 1} ${text.trim()}`);
    }
  };
  const visit = (node: ts.Node): void => {
    if (ts.isJsxText(node)) note(node, node.text);
    if (
      ts.isJsxAttribute(node) &&
      READ_ATTRIBUTES.has(node.name.getText()) &&
      node.initializer &&
      ts.isStringLiteral(node.initializer)
    ) {
      note(node, node.initializer.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
