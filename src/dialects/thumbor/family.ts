import type { Config } from '../../config/config.ts';
import type { Negotiated, Plan, Rounding, Step } from '../../plan/plan.ts';
import { PileusError } from '../../shared/errors.ts';
import type { DialectParse, DialectRequest, Mounted } from '../dialect.ts';
import { negotiatedFormat } from '../negotiated-format.ts';
import { checkOpen, checkOriginal, sourceOfText } from '../source-of-mount.ts';
import { applyFilters, type FilterTable } from './apply-filters.ts';
import { Draft, unsupported } from './draft.ts';
import { geometrySteps } from './geometry.ts';
import { looksSigned, type OpenPath, openPath } from './open-path.ts';
import type { Params } from './params.ts';
import { type Flavour, readPath } from './read-path.ts';
import type { Settings } from './settings.ts';

/** What tells thumbor and imagor apart. */
export type Family = Readonly<{
  flavour: Flavour;
  filters: FilterTable;
  /** Of a side that a size leaves free. */
  rounding: Rounding;
  /** Is a signature over the percent-decoded path good too? */
  unescaped: boolean;
  /** The image's name, decoded. */
  imageOf: (params: Params, isPlain: boolean) => string;
  /** The report that `meta` gives of a picture's plan, and what it is told. `told` is the plan that is carried out for it. */
  metaReport: (image: string, plan: Plan, geometry: readonly Step[], told: Plan) => NonNullable<Plan['report']>;
}>;

/** Reads a path of the family behind its mount (and without `params`). */
export type FamilyReading = Readonly<{ open: OpenPath; params: Params; parse: DialectParse }>;

/**
 * Signature, options, filters and image of a path, as a plan. Throws a PileusError of source `client` for anything that is not
 * understood, not allowed or not to be said in a plan.
 */
export function readFamily(
  path: string,
  request: DialectRequest,
  mount: Mounted<Settings>,
  config: Config,
  family: Family,
): FamilyReading {
  if (request.rawQuery !== null) throw new PileusError('bad_url', { detail: 'A URL has no query here.' });
  const { settings } = mount;
  const open = openPath(path, settings, family.unescaped);
  const params = readPath(open.text, family.flavour);
  const image = family.imageOf(params, open.isPlain);
  const { source, namespace } = sourceOfText(image, mount, config);
  if (open.signature === null) checkOpen(namespace, settings.open);

  const draft = new Draft(params, settings, config);
  applyFilters(params.filters, draft, family.filters, open.isPlain);
  if (draft.expiresAtS !== null && request.nowS >= draft.expiresAtS) throw new PileusError('signature_expired');
  if (draft.original) checkOriginal(namespace);

  const geometry = geometrySteps(draft, family.rounding);
  const { format, negotiated } = formatOf(draft, request.accept);
  if (draft.flattens && format !== 'jpg') {
    throw unsupported('Transparency is laid on a colour in JPEG only: it takes format(jpeg).');
  }
  const isOriginal = draft.original && !params.meta;
  const picture: Plan = {
    view: 'image',
    decode: {
      orient: settings.respectOrientation && draft.orientDegrees === null,
      frames: draft.frames,
    },
    steps: [...geometry, ...draft.steps],
    encode: draft.encode(format, negotiated ?? (draft.plainFormat ? 'plain' : null)),
  };
  if (params.meta && picture.steps.some(({ op }) => op === 'trim')) {
    throw unsupported('meta: what a trim leaves is not known before the picture is looked at.');
  }
  const plan: Plan = params.meta
    ? metaOf(draft, picture, (told) => family.metaReport(image, picture, geometry, told))
    : isOriginal
      ? { ...facts, view: 'original' }
      : picture;
  return {
    open,
    params,
    parse: {
      source,
      plan,
      negotiated: params.meta || isOriginal ? null : negotiated,
      signed: open.signature !== null,
      expiresAtS: draft.expiresAtS,
      answer: {
        ...(draft.maxAgeS === undefined ? {} : { maxAgeS: draft.maxAgeS }),
        ...(draft.disposition === undefined ? {} : { disposition: draft.disposition }),
      },
    },
  };
}

function metaOf(draft: Draft, picture: Plan, reportOf: (told: Plan) => NonNullable<Plan['report']>): Plan {
  const told = factsOf(draft, picture);
  return { ...told, report: reportOf(told) };
}

/** What is told of a picture: of its header, and what is measured of what would be made of it. */
function factsOf({ measures, background }: Draft, { decode, steps }: Plan): Plan {
  if (Object.keys(measures).length === 0) return facts;
  const encode = { ...facts.encode, ...(background === undefined ? {} : { background }) };
  return { view: 'measured', decode, steps, encode, measures };
}

/** A plan that decodes nothing. */
export const facts: Plan = {
  view: 'info',
  decode: { orient: false, frames: 'auto' },
  steps: [],
  encode: { format: 'source' },
};

/**
 * Does the family claim this path? All of them at a place of its own; at the root those that begin with a signature, `unsafe`, or one
 * of `more`, since other grammars may live there.
 */
export function claims(rest: string, at: string, more: readonly string[] = []): boolean {
  if (at !== '') return rest.length > 1;
  const end = rest.indexOf('/', 1);
  const first = rest.slice(1, end < 0 ? undefined : end);
  return first === 'unsafe' || more.includes(first) || looksSigned(first.replaceAll(/%3d/gi, '='));
}

/** The format of a filter; else what Accept chooses among the mount's; else the source's own. */
function formatOf(
  { format, plainFormat, settings }: Draft,
  accept: string,
): Readonly<{ format: Plan['encode']['format']; negotiated: Negotiated | null }> {
  if (format !== null) return { format, negotiated: null };
  if (settings.autoFormats.length === 0) return { format: plainFormat ? 'auto' : 'source', negotiated: null };
  return negotiatedFormat(accept, settings.autoFormats, plainFormat ? 'auto' : 'source');
}
