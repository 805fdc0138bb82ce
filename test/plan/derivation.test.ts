import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { derivation } from '../../src/plan/derivation.ts';
import { encoderVersion } from '../../src/plan/encoder-version.ts';
import { resolve } from '../../src/plan/resolve.ts';
import type { Resolved } from '../../src/plan/resolved.ts';
import { box, makeContext, makeHeader, makeOptions, makePlan, makeResize, resolveSteps } from './resolve/scene.ts';

const keyOf = (resolved: Resolved, version = 'v1'): string => derivation(version, resolved);
const small = resolveSteps([makeResize({ size: box(300, null) })], {});

/** Every way to change one leaf of a value. */
function* changed(value: unknown): Generator<unknown> {
  if (typeof value === 'number') yield value + 1;
  else if (typeof value === 'string') yield `${value}x`;
  else if (typeof value === 'boolean') yield !value;
  else if (Array.isArray(value)) yield* value.flatMap((item, at) => [...changed(item)].map((to) => value.with(at, to)));
  else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      for (const to of changed(member)) yield { ...value, [name]: to };
    }
  }
}

/** The same data, its members in the opposite order. */
const reversed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, reversed(member)]),
  );
};

describe('derivation key', () => {
  it('is 22 characters of base64url', () => {
    fc.assert(
      fc.property(fc.string(), (version) => {
        expect(keyOf(small, version)).toMatch(/^[\w-]{22}$/);
      }),
    );
  });

  it('is shared by plans that resolve to the same integers', () => {
    const same = [
      resolveSteps([makeResize({ size: box(300, 180) })], {}),
      resolveSteps([makeResize({ size: box(300, 180), mode: 'exact' })], {}),
      resolveSteps([makeResize({ size: { by: 'percent', percent: 30 } })], {}),
      resolveSteps([makeResize({ size: box(150, null), dpr: 2 })], {}),
      resolveSteps([makeResize({ size: { by: 'sides', long: 300, short: null } })], {}),
      resolve(
        makePlan({ steps: [makeResize({ size: box(300, null) })], encode: { format: 'auto', negotiated: 'plain' } }),
        makeHeader(),
        makeContext(),
      ),
    ];
    expect(new Set(same.map((resolved) => keyOf(resolved)))).toEqual(new Set([keyOf(small)]));
  });

  it('changes with every member of the resolved plan', () => {
    const resolved = resolve(
      makePlan({
        steps: [
          makeResize({ mode: 'pad', size: box(300, 300) }),
          {
            op: 'watermark',
            asset: 'logo',
            gravity: 'se',
            dx: 0,
            dy: 0,
            opacity: 50,
            scalePercent: 10,
          },
        ],
      }),
      makeHeader({ alpha: true, progressive: true }),
      makeContext(),
    );
    const variants = [...changed(resolved)] as Resolved[];
    const keys = new Set([resolved, ...variants].map((variant) => keyOf(variant)));
    expect(variants.length).toBeGreaterThan(30);
    expect(keys.size).toBe(variants.length + 1);
  });

  it('changes with the source and with the configured effort', () => {
    expect(keyOf(small, 'v2')).not.toBe(keyOf(small, 'v1'));
    const webp = (webpEffort: number) =>
      resolve(
        makePlan({ encode: { format: 'webp' } }),
        makeHeader(),
        makeContext({ options: makeOptions({ webpEffort }) }),
      );
    expect(keyOf(webp(2))).not.toBe(keyOf(webp(3)));
  });

  it('does not depend on the order of members', () => {
    expect(keyOf(reversed(small) as Resolved)).toBe(keyOf(small));
  });
});

describe('encoder version', () => {
  it('names the build that is installed', () => {
    expect(encoderVersion).toMatch(
      new RegExp(`^sharp-${sharp.versions.sharp} vips-${sharp.versions.vips} pipeline-\\d+$`),
    );
  });
});
