import { createCipheriv } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decrypt } from '../../../src/dialects/imgproxy/decrypt.ts';
import { refusal } from '../native/sample-config.ts';
import { ask, configWith } from './kit.ts';

const key = '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f';
const iv = Buffer.alloc(16, 7);

function encrypt(text: string, keyHex = key): string {
  const bytes = Buffer.from(keyHex, 'hex');
  const cipher = createCipheriv(`aes-${8 * bytes.length}-cbc`, bytes, iv);
  return Buffer.concat([iv, cipher.update(text), cipher.final()]).toString('base64url');
}

const settings = { sourceUrlEncryptionKey: key };
const read = (segment: string, more: Record<string, unknown> = {}) =>
  ask(`/unsafe/w:5/enc/${segment}`, configWith({ ...settings, ...more }));
const source = { ns: 'local', key: 'a b/c.png' };

describe('an encrypted source', () => {
  it('is read with a key of any length, however the text is split, with an extension', () => {
    for (const keyHex of [key, key.slice(0, 48), key.slice(0, 32)]) {
      const text = encrypt('local:///a b/c.png', keyHex);
      expect(read(text, { sourceUrlEncryptionKey: keyHex }).source).toEqual(source);
    }
    const text = encrypt('local:///a b/c.png');
    expect(read(`${text.slice(0, 20)}/${text.slice(20)}`).source).toEqual(source);
    expect(read(`${text}.webp`).plan.encode.format).toBe('webp');
    expect(read(`${text}.webp/name.webp`, { base64UrlIncludesFilename: true }).source).toEqual(source);
  });

  it('is not told by the answer', () => {
    const { answer } = ask(
      `/unsafe/enc/${encrypt('http://secret.example/name.png')}`,
      configWith({ ...settings, setCanonicalHeader: true }),
    );
    expect(JSON.stringify(answer)).not.toContain('secret');
    expect(answer.disposition?.name).toBe('image');
  });

  it('with anything wrong is one and the same error', () => {
    const right = encrypt('local:///a.png');
    const flipped = (at: number): string => {
      const bytes = Buffer.from(right, 'base64url');
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      return bytes.toString('base64url');
    };
    const errors = [
      encrypt('local:///a.png', 'ff'.repeat(32)),
      flipped(16),
      flipped(31),
      flipped(0),
      right.slice(0, 30),
      encrypt('nowhere://x'),
      encrypt('local:///../a'),
      encrypt('http://'),
      encrypt(''),
    ].map((segment) => refusal(() => read(segment)));
    for (const { code, detail } of errors) expect([code, detail]).toEqual(['source_not_found', undefined]);
    expect(refusal(() => read(right, { sourceUrlEncryptionKey: '' })).code).toBe('source_not_found');
  });

  it('that somebody has made up is never anything but an error or a text', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 96 }), (bytes) => {
        const text = decrypt(Buffer.from(bytes).toString('base64url'), key);
        expect(text === null || text.length > 0).toBe(true);
      }),
    );
  });
});
