import { describe, expect, it } from 'vitest';
import { allowsUpscaling, iiifSettings } from '../../../src/dialects/iiif/settings.ts';

describe('the settings', () => {
  it('all have a default', () => {
    expect(iiifSettings.parse({})).toEqual({
      version: 3,
      open: false,
      upscaling: null,
      confined: 'error',
      tileWidth: 512,
      tileHeight: null,
      publicUrl: null,
    });
  });

  it.each([
    [{ version: 1 }],
    [{ version: '3' }],
    [{ open: 'yes' }],
    [{ upscaling: 1 }],
    [{ confined: 'no' }],
    [{ tileWidth: 0 }],
    [{ tileWidth: 512.5 }],
    [{ tileHeight: 100_000 }],
    [{ publicUrl: 'images.example.org' }],
    [{ publicUrl: 'https://images.example.org/' }],
    [{ publicUrl: 'https://images.example.org/a?b' }],
    [{ publicUrl: 'https://a b' }],
    [{ unknown: 1 }],
  ])('%j is refused', (settings) => {
    expect(iiifSettings.safeParse(settings).success).toBe(false);
  });

  it.each([
    [{}, true],
    [{ version: 2 }, false],
    [{ version: 2, upscaling: true }, true],
    [{ upscaling: false }, false],
  ])('%j enlarges: %s', (settings, enlarges) => {
    expect(allowsUpscaling(iiifSettings.parse(settings))).toBe(enlarges);
  });
});
