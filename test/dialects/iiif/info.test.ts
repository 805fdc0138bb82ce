import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pyramidOf } from '../../../src/dialects/iiif/pyramid.ts';
import { ask, infoAt, outcome } from './scene.ts';

const limits = { sideMax: 8192, areaMax: 25_000_000, tileWidth: 512, tileHeight: 512 };

describe('info.json of version 3', () => {
  it('has all that the API requires, the context first', () => {
    const { body, extension } = infoAt('/iiif/3/g1%2Fa.jpg/info.json', { width: 6000, height: 4000 });
    expect(Object.keys(body)[0]).toBe('@context');
    expect(extension).toBe('json');
    expect(body).toEqual({
      '@context': 'http://iiif.io/api/image/3/context.json',
      id: 'http://example.org/iiif/3/g1%2Fa.jpg',
      type: 'ImageService3',
      protocol: 'http://iiif.io/api/image',
      profile: 'level2',
      width: 6000,
      height: 4000,
      maxWidth: 8192,
      maxHeight: 8192,
      maxArea: 25_000_000,
      sizes: [
        { width: 188, height: 125 },
        { width: 375, height: 250 },
        { width: 750, height: 500 },
        { width: 1500, height: 1000 },
        { width: 3000, height: 2000 },
        { width: 6000, height: 4000 },
      ],
      tiles: [{ width: 512, scaleFactors: [1, 2, 4, 8, 16] }],
      extraQualities: ['color', 'gray', 'bitonal'],
      extraFormats: ['tif', 'gif', 'webp', 'avif'],
      extraFeatures: ['mirroring', 'profileLinkHeader', 'rotationArbitrary', 'sizeUpscaling'],
    });
  });

  it('gives the upright size', () => {
    const { body } = infoAt('/iiif/3/a.jpg/info.json', { width: 600, height: 400, orientation: 6 });
    expect([body.width, body.height]).toEqual([400, 600]);
  });

  it('claims neither colour of a grey picture nor upscaling where there is none', () => {
    const { body } = infoAt('/iiif/3strict/a.jpg/info.json', { space: 'grey' });
    expect(body.extraQualities).toEqual(['gray', 'bitonal']);
    expect(body.extraFeatures).not.toContain('sizeUpscaling');
  });

  it('has the limits of the namespace and the tiles of the mount', () => {
    expect(infoAt('/narrow/a.jpg/info.json', { width: 3000, height: 2000 }).body).toMatchObject({
      maxWidth: 1000,
      sizes: [
        { width: 188, height: 125 },
        { width: 375, height: 250 },
        { width: 750, height: 500 },
      ],
    });
    expect(infoAt('/tiled/a.jpg/info.json', { width: 1000, height: 600 }).body.tiles).toEqual([
      { width: 256, height: 128, scaleFactors: [1, 2, 4, 8] },
    ]);
  });
});

describe('info.json of version 2', () => {
  it('lists its extras in a profile', () => {
    const { body } = infoAt('/iiif/2/a.jpg/info.json', { width: 100, height: 50 });
    expect(body).toEqual({
      '@context': 'http://iiif.io/api/image/2/context.json',
      '@id': 'http://example.org/iiif/2/a.jpg',
      '@type': 'iiif:Image',
      protocol: 'http://iiif.io/api/image',
      width: 100,
      height: 50,
      sizes: [{ width: 100, height: 50 }],
      tiles: [{ width: 512, scaleFactors: [1] }],
      profile: [
        'http://iiif.io/api/image/2/level2.json',
        {
          formats: ['tif', 'gif', 'webp', 'avif'],
          supports: ['mirroring', 'profileLinkHeader', 'rotationArbitrary', 'regionSquare'],
          maxWidth: 8192,
          maxHeight: 8192,
          maxArea: 25_000_000,
        },
      ],
    });
  });

  it('says that sizes may be above full where they may', () => {
    const { profile } = infoAt('/iiif/2up/a.jpg/info.json').body as { profile: [string, { supports: string[] }] };
    expect(profile[1].supports).toContain('sizeAboveFull');
  });
});

describe('its media type', () => {
  const json = 'application/json';
  const jsonLd3 = 'application/ld+json;profile="http://iiif.io/api/image/3/context.json"';
  const jsonLd2 = 'application/ld+json';

  it.each([
    ['', jsonLd3, json],
    ['*/*', jsonLd3, json],
    ['application/*', jsonLd3, json],
    ['application/ld+json', jsonLd3, jsonLd2],
    ['Application/LD+JSON', jsonLd3, jsonLd2],
    ['application/ld+json;profile="http://iiif.io/api/image/3/context.json"', jsonLd3, jsonLd2],
    ['application/json', json, json],
    ['application/json, */*', jsonLd3, json],
    ['application/json, */*;q=0.1', json, json],
    ['application/ld+json;q=0.5, application/json', json, json],
    ['application/ld+json, application/json;q=0.9', jsonLd3, jsonLd2],
    ['application/ld+json, application/json', jsonLd3, jsonLd2],
    ['application/ld+json;q=0, application/json', json, json],
    ['application/ld+json;q=0', jsonLd3, json],
    ['application/ld+json;q=high, application/json;q=0.1', json, json],
    ['text/html', jsonLd3, json],
    ['image/webp,,;q=1;', jsonLd3, json],
  ])('for Accept "%s" is %s, and %s in version 2', (accept, three, two) => {
    expect(infoAt('/iiif/3/a.jpg/info.json', {}, accept).contentType).toBe(three);
    expect(infoAt('/iiif/2/a.jpg/info.json', {}, accept).contentType).toBe(two);
  });

  it('is negotiated, pictures are not', () => {
    expect(ask('/iiif/3/a.jpg/info.json').negotiated).not.toBeNull();
    expect(ask('/iiif/3/a.jpg/full/max/0/default.jpg', { accept: 'image/webp' }).negotiated).toBeNull();
  });
});

describe('what info.json proposes', () => {
  const side = fc.integer({ min: 1, max: 100_000 });

  it('is within the limits, keeps the ratio, and ends where one tile holds the picture', () => {
    fc.assert(
      fc.property(side, side, (width, height) => {
        const { sizes, tiles } = pyramidOf({ width, height }, limits);
        for (const size of sizes) {
          expect(Math.max(size.width, size.height)).toBeLessThanOrEqual(8192);
          expect(size.width * size.height).toBeLessThanOrEqual(25_000_000);
        }
        expect(new Set(sizes.map((size) => JSON.stringify(size))).size).toBe(sizes.length);
        const factors = tiles[0]?.scaleFactors ?? [];
        expect(factors).toEqual(factors.map((_, index) => 2 ** index));
        const last = factors.at(-1) ?? 0;
        expect(Math.ceil(Math.max(width, height) / last)).toBeLessThanOrEqual(512);
        if (last > 1) expect(Math.max(width, height) / (last / 2)).toBeGreaterThan(512);
      }),
    );
  });

  it('can be had as it is proposed', () => {
    fc.assert(
      fc.property(side, side, (width, height) => {
        for (const size of pyramidOf({ width, height }, limits).sizes) {
          const wanted = [size.width, size.height];
          expect(outcome(`full/${wanted.join(',')}/0/default.jpg`, { width, height })).toEqual(wanted);
        }
      }),
    );
  });

  it('is no tile where a tile would be over the limits', () => {
    expect(pyramidOf({ width: 900, height: 900 }, { ...limits, areaMax: 1000 })).toEqual({ sizes: [], tiles: [] });
  });
});
