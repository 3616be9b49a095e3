import { describe, expect, it } from "vitest";
import { bundles } from "./bundles";
import { essaysAmong, isLitter } from "./gather";
import { readNames } from "./names";

const file = (name: string, bytes = 10) => new File([new Uint8Array(bytes)], name);

describe("Portions of files", () => {
  it("hold ten files at most and keep their order", () => {
    const items = Array.from({ length: 23 }, (_, index) => ({ file: file(`${index}.txt`) }));

    const made = bundles(items);

    expect(made.map((bundle) => bundle.length)).toEqual([10, 10, 3]);
    expect(made.flat()).toEqual(items);
  });

  it("end before they get heavy, though one heavy file goes", () => {
    const items = [4, 4, 9, 1].map((mb) => ({ file: file(`${mb}.pdf`, mb * 1024 ** 2) }));

    expect(bundles(items).map((bundle) => bundle.length)).toEqual([1, 1, 1, 1]);
  });

  it("give an archive a request of its own", () => {
    const items = ["a.txt", "b.zip", "c.txt"].map((name) => ({ file: file(name) }));

    expect(bundles(items).map((bundle) => bundle.map((each) => each.file.name))).toEqual([
      ["a.txt"],
      ["b.zip"],
      ["c.txt"],
    ]);
  });
});

describe("Files of a folder", () => {
  it("come in the order of their names, å ä ö last and 2 before 10", () => {
    const names = ["Östen.txt", "Anna.txt", "essä 10.txt", "essä 2.txt", "Åsa.txt"];

    expect(essaysAmong(names.map((name) => file(name))).map((each) => each.name)).toEqual([
      "Anna.txt",
      "essä 2.txt",
      "essä 10.txt",
      "Åsa.txt",
      "Östen.txt",
    ]);
  });

  it.each([".DS_Store", "a/__MACOSX/b.docx", "~$Anna.docx", "klass/thumbs.DB"])(
    "are without %s",
    (path) => {
      expect(isLitter(path)).toBe(true);
    },
  );
});

describe("Pasted names", () => {
  it("are one a line, without numbers, bullets and stray spaces", () => {
    const { names } = readNames("1. Anna  Berg\r\n\n- Bo Ek\n  2) Åsa Öst \n• Eva-Li O'Neill");

    expect(names).toEqual(["Anna Berg", "Bo Ek", "Åsa Öst", "Eva-Li O'Neill"]);
  });

  it("that stand there twice are told", () => {
    expect(readNames("Anna Berg\nBo Ek\nAnna  Berg").twice).toEqual(["Anna Berg"]);
  });
});
