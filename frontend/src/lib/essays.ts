import type { EssayRow } from "./api/types";

type Named = Pick<EssayRow, "essay_id" | "file_name" | "student_name">;

/** What an essay is called on a screen: its pupil where known, else its file, else its id. */
export function essayName(row: Named): string {
  return row.student_name ?? row.file_name ?? row.essay_id;
}

/** Whether the typed words stand in the file's name, the pupil's or the essay's id; case does not matter. */
export function matches(row: Named, typed: string): boolean {
  const wanted = fold(typed).split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return true;
  const text = fold([row.essay_id, row.file_name ?? "", row.student_name ?? ""].join(" "));
  return wanted.every((word) => text.includes(word));
}

function fold(text: string): string {
  return text.normalize("NFC").toLocaleLowerCase("sv");
}
