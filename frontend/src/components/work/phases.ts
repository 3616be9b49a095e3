/** What the batch must have before a phase can run: the text of the assignment. */
const ASSIGNMENT = "instructions";

/** The phases of a pipeline with all they depend on, in the order of the catalogue. */
export function withNeeded(
  phases: readonly string[],
  catalogue: readonly { name: string; depends_on: readonly string[] }[],
): string[] {
  const needed = new Set(phases);
  for (const name of needed) {
    for (const before of catalogue.find((each) => each.name === name)?.depends_on ?? []) {
      needed.add(before);
    }
  }
  return catalogue.map((each) => each.name).filter((name) => needed.has(name));
}

/** Which of some phases need the text of the assignment. */
export function needAssignment(
  phases: readonly string[],
  catalogue: readonly { name: string; prerequisites: readonly string[] }[],
): string[] {
  return phases.filter((name) =>
    catalogue.find((each) => each.name === name)?.prerequisites.includes(ASSIGNMENT),
  );
}
