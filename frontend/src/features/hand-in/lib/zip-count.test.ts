import { describe, expect, it } from "vitest";
import { countMembers } from "./zip-count";

/** A .zip as far as its list of contents goes: members without bytes. */
function zip(names: string[], { comment = "", extra = 0 } = {}): Blob {
  const encode = (text: string) => new TextEncoder().encode(text);
  const entries = names.map((name) => {
    const bytes = encode(name);
    const entry = new Uint8Array(46 + bytes.length + extra);
    const view = new DataView(entry.buffer);
    view.setUint32(0, 0x02014b50, true);
    view.setUint16(28, bytes.length, true);
    view.setUint16(30, extra, true);
    entry.set(bytes, 46);
    return entry;
  });
  const size = entries.reduce((sum, entry) => sum + entry.length, 0);
  const end = new DataView(new ArrayBuffer(22));
  end.setUint32(0, 0x06054b50, true);
  end.setUint16(10, names.length, true);
  end.setUint32(12, size, true);
  end.setUint32(16, 0, true);
  end.setUint16(20, comment.length, true);
  return new Blob([...entries, end.buffer, encode(comment)] as BlobPart[]);
}

describe("Counting what is in an archive", () => {
  it("counts the files and not the folders", async () => {
    expect(await countMembers(zip(["klass/", "klass/Anna.docx", "klass/Bo.pdf"]))).toBe(2);
  });

  it("leaves out what systems put there", async () => {
    const names = ["__MACOSX/._Anna.docx", ".DS_Store", "a/Thumbs.db", "~$Anna.docx", "Anna.docx"];

    expect(await countMembers(zip(names))).toBe(1);
  });

  it("is not misled by a comment or by extra fields", async () => {
    expect(await countMembers(zip(["åäö.txt", "b.txt"], { comment: "PK", extra: 9 }))).toBe(2);
  });

  it.each([
    ["something else", new Blob(["not an archive at all, only some text"])],
    ["nothing", new Blob([])],
    ["half of one", zip(["a.txt", "b.txt"]).slice(30)],
  ])("says that it cannot tell of %s", async (_, file) => {
    expect(await countMembers(file)).toBeNull();
  });
});
