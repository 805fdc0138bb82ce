import {
  type NamespaceConfig,
  type NamespaceLimit,
  namespaceLimits,
  type OriginConfig,
  type SigningKey,
} from './config.ts';
import { fillVariables } from './fill-variables.ts';
import { optionSpec } from './option-names.ts';
import { optionTable } from './options.ts';
import { type Faulty, faulty, isRight, type Place } from './place.ts';
import { type OptionValue, readOption } from './read-option.ts';
import { type ReadContext, readOrigin } from './read-origin.ts';

/** Sizes that unsigned URLs may use where the namespace names none: common screens, and steps between them. */
export const defaultLadder: readonly number[] = [
  40, 80, 120, 160, 240, 320, 480, 640, 750, 828, 1080, 1200, 1600, 1920, 2048,
];

/** Shortest secret of a signing key, in characters. */
const secretLengthMin = 16;
/** Keys that may be live at once: two are enough to change one. */
const keysMax = 8;
const ladderMax = 1000;
const yearS = 31_536_000;

/** What a namespace has when nothing but its origin is written. */
export const plainNamespace = (name: string, origin: OriginConfig): NamespaceConfig => ({
  name,
  origin,
  presets: 'all',
  keys: [],
  ladder: defaultLadder,
  protectOriginals: false,
  explain: false,
  maxAgeS: 86_400,
  cors: null,
  truncated: 'error',
  animated: true,
  limits: {},
});

const namespaceKeys = Object.keys(plainNamespace('', { kind: 'file', root: '' })).filter((key) => key !== 'name');

/** What is wrong with a namespace's name, or null. `-` is no namespace: `/-/health` is not a picture. */
export function namespaceNameProblem(name: string): string | null {
  if (name === '-') return 'the name `-` is reserved';
  return /^[a-z0-9-]{1,32}$/.test(name) ? null : 'a name is 1 to 32 of a-z, 0-9 and -';
}

/** One namespace of the file. `presetNames` are those that the file (or the program) defines. */
export async function readNamespace(
  name: string,
  place: Place,
  presetNames: readonly string[],
  context: ReadContext,
): Promise<NamespaceConfig | Faulty> {
  const problem = namespaceNameProblem(name);
  if (problem !== null) place.fault(problem);
  const fields = place.mapping(namespaceKeys, 'a mapping with `origin`');
  if (!isRight(fields)) return faulty;
  const origin = await readOrigin(fields.place('origin'), context);
  const plain = plainNamespace(name, isRight(origin) ? origin : { kind: 'file', root: '' });
  const presets = fields.read('presets', plain.presets, (given) => readPresetNames(given, presetNames));
  const keys = fields.read('keys', plain.keys, (given) => readKeys(given.secret(), context));
  const ladder = fields.read('ladder', plain.ladder, readLadder);
  const protectOriginals = fields.read('protectOriginals', plain.protectOriginals, (given) => given.flag());
  const explain = fields.read('explain', plain.explain, (given) => given.flag());
  const maxAgeS = fields.read('maxAgeS', plain.maxAgeS, (given) => given.whole(0, yearS));
  const cors = fields.read('cors', plain.cors, readCors);
  const truncated = fields.read('truncated', plain.truncated, (given) => given.oneOf(['error', 'ok']));
  const animated = fields.read('animated', plain.animated, (given) => given.flag());
  const limits = fields.read('limits', plain.limits, readLimits);
  if (problem !== null || !isRight(origin) || !isRight(presets) || !isRight(keys) || !isRight(ladder)) return faulty;
  if (!isRight(protectOriginals) || !isRight(explain) || !isRight(maxAgeS) || !isRight(cors)) return faulty;
  if (!isRight(truncated) || !isRight(animated) || !isRight(limits)) return faulty;
  const policy = { presets, keys, ladder, protectOriginals, explain, maxAgeS, cors, truncated, animated, limits };
  return { name, origin, ...policy };
}

function readPresetNames(place: Place, presetNames: readonly string[]): 'all' | readonly string[] | Faulty {
  if (place.value === 'all') return 'all';
  if (!Array.isArray(place.value)) return place.expected('`all` or a list of presets');
  return place.list('presets', (one) => {
    const name = one.text('the name of a preset');
    if (!isRight(name) || presetNames.includes(name)) return name;
    return one.expected(
      presetNames.length === 0 ? 'a preset, but none is defined' : `one of ${presetNames.join(', ')}`,
    );
  });
}

function readKeys(place: Place, context: ReadContext): readonly SigningKey[] | Faulty {
  const keys = place.list('keys, each with `kid` and `secret`', (key) => readKey(key, context));
  if (!isRight(keys)) return faulty;
  if (keys.length > keysMax) return place.fault(`expected at most ${keysMax} keys, found ${keys.length}`);
  const kids = keys.map(({ kid }) => kid);
  const doubled = kids.findIndex((kid, index) => kids.indexOf(kid) !== index);
  return doubled < 0 ? keys : place.at(doubled).at('kid').fault(`the key id "${kids[doubled]}" stands twice`);
}

function readKey(place: Place, context: ReadContext): SigningKey | Faulty {
  const fields = place.mapping(['kid', 'secret']);
  if (!isRight(fields)) return faulty;
  const kid = fields.place('kid').text('one character, a-z or 0-9', /^[a-z0-9]$/);
  const secret = readSecret(fields.place('secret'), context);
  return isRight(kid) && isRight(secret) ? { kid, secret } : faulty;
}

/** A fault tells the length of what was found, never the secret. */
function readSecret(place: Place, context: ReadContext): string | Faulty {
  const wanted = `a text of at least ${secretLengthMin} characters, or \${NAME} of an environment variable`;
  if (typeof place.value !== 'string') return place.fault(`expected ${wanted}`);
  const filled = fillVariables(place.value, context.env);
  if (!filled.ok) return place.fault(filled.problem);
  const { length } = filled.text;
  return length >= secretLengthMin ? filled.text : place.fault(`expected ${wanted}, found ${length} characters`);
}

function readLadder(place: Place): readonly number[] | Faulty {
  const { min, max } = optionTable.resultSideMax;
  const steps = place.list(`sizes from ${min} to ${max}`, (step) => step.whole(min, max));
  if (!isRight(steps)) return faulty;
  if (steps.length > ladderMax) return place.fault(`expected at most ${ladderMax} sizes, found ${steps.length}`);
  return [...new Set(steps)].sort((a, b) => a - b);
}

function readCors(place: Place): NamespaceConfig['cors'] | Faulty {
  if (place.value === null) return null;
  const fields = place.mapping(['origins', 'maxAgeS']);
  if (!isRight(fields)) return faulty;
  const origins = readCorsOrigins(fields.place('origins'));
  const maxAgeS = fields.read('maxAgeS', 600, (given) => given.whole(0, 86_400));
  return isRight(origins) && isRight(maxAgeS) ? { origins, maxAgeS } : faulty;
}

function readCorsOrigins(place: Place): '*' | readonly string[] | Faulty {
  if (place.value === '*') return '*';
  if (!Array.isArray(place.value)) return place.expected('`*` or a list of origins such as https://www.example.com');
  return place.list('origins', (one) => {
    const origin = one.text('an origin such as https://www.example.com');
    if (!isRight(origin)) return faulty;
    const plain = URL.canParse(origin) && new URL(origin).origin === origin;
    return plain ? origin : one.expected('an origin such as https://www.example.com, without a path');
  });
}

function readLimits(place: Place): NamespaceConfig['limits'] | Faulty {
  const fields = place.mapping(namespaceLimits, 'a mapping of options');
  if (!isRight(fields)) return faulty;
  const limits: Partial<Record<NamespaceLimit, OptionValue>> = {};
  let good = true;
  for (const name of namespaceLimits.filter((limit) => fields.has(limit))) {
    const given = fields.place(name);
    const reading = readOption(optionSpec(name), given.value);
    if (reading.ok) limits[name] = reading.value;
    else {
      given.fault(reading.problem);
      good = false;
    }
  }
  // Each value was read by its own entry of the table, which is where the type of the option comes from.
  return good ? (limits as NamespaceConfig['limits']) : faulty;
}
