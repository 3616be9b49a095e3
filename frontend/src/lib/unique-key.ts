/** Forty hexadecimal digits nobody else has. `crypto.randomUUID` exists on https only; schools have plain addresses too. */
export function uniqueKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(20));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
