export const MIN_SECRET_BYTES = 32;

/**
 * What is wrong with a secret, or null. Length alone is not strength: thirty-two times the same letter is refused too.
 */
export function secretProblem(secret: string): string | null {
  if (Buffer.byteLength(secret) < MIN_SECRET_BYTES) {
    return `is shorter than ${MIN_SECRET_BYTES} bytes`;
  }
  if (new Set(secret).size < 8) return 'repeats a few characters only';
  return null;
}
