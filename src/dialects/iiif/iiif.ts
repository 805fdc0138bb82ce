import type { Config } from '../../config/config.ts';
import { canonicalPlan } from '../../plan/canonical-plan.ts';
import type { Plan } from '../../plan/plan.ts';
import { PileusError } from '../../shared/errors.ts';
import type { Dialect, DialectParse, DialectRequest, Mounted } from '../dialect.ts';
import { type Limits, limitsFor } from '../native/limits.ts';
import { namespaceOf } from '../native/native.ts';
import { isNativePath } from '../native/native-path.ts';
import { checkOpen } from '../source-of-mount.ts';
import { corsHeader, formatIiifError } from './format-error.ts';
import { decodeIdentifier, encodeIdentifier } from './identifier.ts';
import type { InfoArgs } from './info.ts';
import { canonicalLink, profileLink } from './links.ts';
import { wantsJsonLd } from './media-type.ts';
import { type IiifPath, splitIiifPath } from './path.ts';
import { qualitySteps, readFormat, readQuality } from './quality.ts';
import { readRegion } from './region.ts';
import { leavesCorners, readRotation, rotationSteps } from './rotation.ts';
import { allowsUpscaling, type IiifSettings, iiifSettings } from './settings.ts';
import { readSize } from './size.ts';

type Mount = Mounted<IiifSettings>;
type ImagePath = Extract<IiifPath, { kind: 'image' }>;

/** A request whose source is known and may be worked on. */
type Asked = Readonly<{ settings: IiifSettings; limits: Limits; base: string }>;

const grammar: Dialect<IiifSettings> = {
  name: 'iiif',
  settings: iiifSettings,
  // Where it shares a place with our own grammar, that one's paths stay its own.
  match: ({ rawPath }) => !isNativePath(rawPath),
  parse: parseIiif,
  // Pages of everybody show these pictures (Image API 3.0, section 7).
  cors: { origins: '*', maxAgeS: 86_400 },
  formatError: formatIiifError,
};

/** IIIF Image API 3.0 and 2.1, level 2: docs/dialects/iiif.md. */
export const iiif = grammar as Dialect;

function parseIiif(request: DialectRequest, mount: Mount, config: Config): DialectParse {
  if (request.rawQuery !== null) throw new PileusError('bad_url', { detail: 'A URL has no query here.' });
  const path = splitIiifPath(request.rest);
  const { settings } = mount;
  const source = decodeIdentifier(path.rawIdentifier, mount.namespace?.name ?? null);
  const namespace = mount.namespace ?? namespaceOf(config, source.ns);
  checkOpen(namespace, settings.open);
  const identifier = encodeIdentifier(source, mount.namespace?.name ?? null);
  const base = `${settings.publicUrl ?? request.origin}${mount.at}/${identifier}`;
  const asked: Asked = { settings, limits: limitsFor(config, namespace), base };
  switch (path.kind) {
    case 'base':
      return { source, plan: infoPlan(asked, false), answer: { ...answer(asked), redirect: `${base}/info.json` } };
    case 'info':
      return {
        source,
        plan: infoPlan(asked, wantsJsonLd(request.accept, settings.version)),
        negotiated: 'plain',
        answer: answer(asked),
      };
    case 'image':
      return { source, ...parseImage(path, asked) };
  }
}

function parseImage(path: ImagePath, asked: Asked): Pick<DialectParse, 'plan' | 'answer'> {
  const { settings, limits, base } = asked;
  const { version, confined } = settings;
  const region = readRegion(path.region);
  const size = readSize(path.size, { version, upscaling: allowsUpscaling(settings), confined, ...limits });
  const rotation = readRotation(path.rotation);
  const quality = readQuality(path.quality);
  const format = readFormat(path.format);
  const plan: Plan = {
    view: 'image',
    // The API knows one picture an identifier.
    decode: { orient: true, frames: 'first' },
    steps: [...region, ...size, ...rotationSteps(rotation), ...qualitySteps(quality)],
    encode: { format, ...(leavesCorners(rotation) && format !== 'jpg' ? { background: transparent } : {}) },
  };
  const canonical = canonicalLink(base, { ...path, rotation, quality, format }, version);
  return { plan: canonicalPlan(plan, limits.sideMax), answer: answer(asked, canonical) };
}

const transparent = '00000000';

function infoPlan({ settings, limits, base }: Asked, jsonLd: boolean): Plan {
  const { sideMax, areaMax } = limits;
  const tileWidth = Math.min(settings.tileWidth, sideMax);
  const args: InfoArgs = {
    id: base,
    version: settings.version,
    jsonLd,
    sideMax,
    areaMax,
    upscaling: allowsUpscaling(settings),
    tileWidth,
    tileHeight: Math.min(settings.tileHeight ?? tileWidth, sideMax),
  };
  return {
    view: 'info',
    decode: { orient: true, frames: 'first' },
    steps: [],
    encode: { format: 'source' },
    report: { as: 'iiif/info', args },
  };
}

const answer = ({ settings }: Asked, canonical: string | null = null): NonNullable<DialectParse['answer']> => ({
  headers: {
    ...corsHeader,
    link: canonical === null ? profileLink(settings.version) : `${profileLink(settings.version)}, ${canonical}`,
  },
});
