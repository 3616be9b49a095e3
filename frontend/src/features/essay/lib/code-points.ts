/**
 * The API counts code points, JavaScript counts UTF-16 units: behind an emoji the two differ.
 *
 * Returns a function from the one to the other, for numbers from 0 to the length of the text in code points; what
 * lies outside comes back as the nearest end.
 */
export function toUnits(text: string): (codePoints: number) => number {
  if (!/[\ud800-\udbff][\udc00-\udfff]/.test(text)) {
    return (offset) => Math.min(Math.max(offset, 0), text.length);
  }
  const units = new Uint32Array(text.length + 1);
  let count = 0;
  let unit = 0;
  for (const character of text) {
    units[count] = unit;
    count += 1;
    unit += character.length;
  }
  units[count] = unit;
  return (offset) => units[Math.min(Math.max(offset, 0), count)] ?? unit;
}
