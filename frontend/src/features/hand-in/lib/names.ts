export interface PupilNames {
  names: string[];
  /** Names that stand there more than once. */
  twice: string[];
}

/** Pasted names, one a line; numbers and bullets in front, as lists have them, are not part of a name. */
export function readNames(text: string): PupilNames {
  const names: string[] = [];
  const twice = new Set<string>();
  for (const line of text.split(/\r?\n/)) {
    const name = line
      .replace(/^\s*(?:\d+[.)]|[-*•])\s+/, "")
      .replace(/\s+/g, " ")
      .trim();
    if (!name) continue;
    if (names.includes(name)) twice.add(name);
    else names.push(name);
  }
  return { names, twice: [...twice] };
}
