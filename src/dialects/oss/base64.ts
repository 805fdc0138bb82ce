const pattern = /^[A-Za-z0-9_+-]+={0,2}$/;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The text that base64 of either alphabet stands for, padded or not; null where it is none, or not UTF-8. */
export function decodeBase64(raw: string): string | null {
  if (!pattern.test(raw)) return null;
  try {
    const text = utf8.decode(Buffer.from(raw, 'base64'));
    return text === '' ? null : text;
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}
