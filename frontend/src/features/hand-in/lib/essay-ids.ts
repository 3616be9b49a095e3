/** What the essays of a batch made here are called, in order from 0. */
export function essayIdAt(index: number): string {
  return `essay-${index + 1}`;
}
