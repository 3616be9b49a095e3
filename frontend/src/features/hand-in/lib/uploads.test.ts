import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type HandedIn, Problem } from "@/lib/api";
import { handIn } from "@/lib/api/upload";
import { uploads } from "./uploads";

vi.mock("@/lib/api/upload", () => ({ handIn: vi.fn() }));
const server = vi.mocked(handIn);

const file = (name: string) => new File(["text"], name);
const row = (name: string, failure: string | null = null): HandedIn => ({
  file_name: name,
  status: failure ? "refused" : "received",
  file_id: failure ? null : "f",
  essay_id: failure ? null : "essay-1",
  failure_code: failure,
  failure_reason: failure,
  archive_name: null,
});
let batch = "";

beforeEach(() => {
  batch = crypto.randomUUID();
});
afterEach(() => server.mockReset());

const settled = () => vi.waitFor(() => expect(uploads.isBusy(batch)).toBe(false));

describe("Handing in", () => {
  it("lets go of what the server took and keeps what it refused, with its reason", async () => {
    server.mockImplementation(async (_, parts) =>
      parts.map((part) => row(part.file.name, part.file.name === "b.txt" ? "no_free_slot" : null)),
    );

    uploads.add(batch, [file("a.txt"), file("b.txt"), file("c.txt")]);
    await settled();

    const { uploads: left, taken, given } = uploads.get(batch);
    expect([taken, given]).toEqual([2, 3]);
    expect(left.map((each) => [each.file.name, each.state])).toEqual([["b.txt", "refused"]]);
    expect(left[0]?.refusals[0]?.failure_code).toBe("no_free_slot");
  });

  it("keeps files that could not be sent, and sends them when told to", async () => {
    server.mockRejectedValueOnce(Problem.offline());
    uploads.add(batch, [file("a.txt")]);
    await settled();
    const [stuck] = uploads.get(batch).uploads;
    expect(stuck?.problem?.slug).toBe("offline");

    server.mockImplementation(async (_, parts) => parts.map((part) => row(part.file.name)));
    uploads.again(batch, stuck?.id ?? 0);
    await settled();

    expect(uploads.get(batch).uploads).toEqual([]);
  });

  it("tells each first file its essay, so that none overtakes another", async () => {
    server.mockImplementation(async (_, parts) => parts.map((part) => row(part.file.name)));

    uploads.begin(batch, [file("a.txt"), file("b.txt")]);
    await settled();

    const [, parts] = server.mock.calls[0] ?? [];
    expect(parts?.map((part) => part.essayId)).toEqual(["essay-1", "essay-2"]);
  });

  it("lets what is in an archive take what is free", async () => {
    server.mockImplementation(async (_, parts) => parts.map((part) => row(part.file.name)));

    uploads.begin(batch, [file("a.txt"), file("b.zip")]);
    await settled();

    const sent = server.mock.calls.flatMap(([, parts]) => parts.map((part) => part.essayId));
    expect(sent).toEqual([undefined, undefined]);
  });

  it("sends a portion that was too much file by file", async () => {
    server.mockImplementation(async (_, parts) => {
      if (parts.length > 1) throw new Problem(413, { type: "/problems/too-large" });
      return parts.map((part) => row(part.file.name));
    });

    uploads.add(batch, [file("a.txt"), file("b.txt")]);
    await settled();

    expect(uploads.get(batch)).toMatchObject({ uploads: [], taken: 2 });
  });

  it("has four requests under way and no more", async () => {
    let most = 0;
    let now = 0;
    server.mockImplementation(async (_, parts) => {
      now += 1;
      most = Math.max(most, now);
      await Promise.resolve();
      now -= 1;
      return parts.map((part) => row(part.file.name));
    });

    uploads.add(
      batch,
      Array.from({ length: 100 }, (_, index) => file(`${index}.txt`)),
    );
    await settled();

    expect(most).toBe(4);
    expect(uploads.get(batch).taken).toBe(100);
  });

  it("shows every member of an archive that was not taken", async () => {
    server.mockResolvedValue([
      { ...row("in.docx"), archive_name: "all.zip" },
      { ...row("out.exe", "unsupported_type"), archive_name: "all.zip" },
    ]);

    uploads.add(batch, [file("all.zip")]);
    await settled();

    const [left] = uploads.get(batch).uploads;
    expect(left?.refusals.map((each) => each.file_name)).toEqual(["out.exe"]);
  });

  it("warns before the tab is closed only while something is on its way", async () => {
    let finish: (rows: HandedIn[]) => void = () => undefined;
    server.mockReturnValue(new Promise((resolve) => (finish = resolve)));
    const leaves = () => {
      const event = new Event("beforeunload", { cancelable: true });
      dispatchEvent(event);
      return event.defaultPrevented;
    };

    uploads.add(batch, [file("a.txt")]);
    expect(leaves()).toBe(true);

    finish([row("a.txt")]);
    await settled();
    expect(leaves()).toBe(false);
  });
});
