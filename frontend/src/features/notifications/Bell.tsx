/** The bell in the header. */
export function Bell() {
  return null;
}
