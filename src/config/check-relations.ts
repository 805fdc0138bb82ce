import { formatAmount } from './amount.ts';
import type { NamespaceConfig, OptionName, Options } from './config.ts';
import { optionSpec } from './option-names.ts';

/** Options that only make sense together: `low` has to be so much less than `high`. */
type Relation = Readonly<{
  low: OptionName;
  must: 'less' | 'at-most' | 'less-than-half' | 'a-second-less';
  high: OptionName;
  because: string;
}>;

const less = (low: OptionName, high: OptionName, because: string): Relation => ({ low, must: 'less', high, because });
const atMost = (low: OptionName, high: OptionName, because: string): Relation => ({
  low,
  must: 'at-most',
  high,
  because,
});

const relations: readonly Relation[] = [
  {
    low: 'softMs',
    must: 'a-second-less',
    high: 'hardMs',
    because: 'a worker gives a picture up, to the whole second, before the master kills it',
  },
  less('hardMs', 'requestMs', 'a killed job still has to be answered'),
  less('fetchTotalMs', 'requestMs', 'a slow origin still has to be answered'),
  atMost('fetchConnectMs', 'fetchTotalMs', 'it is a part of the whole fetch'),
  atMost('fetchHeadersMs', 'fetchTotalMs', 'it is a part of the whole fetch'),
  atMost('fetchIdleMs', 'fetchTotalMs', 'it is a part of the whole fetch'),
  less('queueWaitMsMax', 'requestMs', 'who waited still has to be answered'),
  atMost('codelTargetMs', 'queueWaitMsMax', 'a longer wait is refused at the door'),
  {
    low: 'heartbeatMs',
    must: 'less-than-half',
    high: 'heartbeatTimeoutMs',
    because: 'one late report must not kill a child',
  },
  atMost('sourceBytesMax', 'blobBufferBytes', 'a source has to fit the buffer of a worker'),
  atMost('resultSideMax', 'resultPixelsMax', 'a side has no more pixels than the picture'),
  atMost('resultBytesMax', 'lbBufferedBytesMax', 'a result is held while its client reads it'),
  less('urlBytesMax', 'headerBytesMax', 'the request line counts among the headers'),
];

/** A relation that does not hold. `names` are its options, the one to blame first. */
export type RelationFault = Readonly<{ names: readonly [OptionName, OptionName]; problem: string }>;

/** Every relation between options that does not hold. */
export const checkRelations = (options: Options): readonly RelationFault[] => [
  ...relations.flatMap((relation) => checkRelation(relation, options)),
  ...checkPorts(options),
];

/** The relations that a namespace's own limits break. */
export const checkNamespaceRelations = (options: Options, namespace: NamespaceConfig): readonly RelationFault[] =>
  checkRelations({ ...options, ...namespace.limits }).filter(({ names }) =>
    names.some((name) => Object.hasOwn(namespace.limits, name)),
  );

function checkRelation({ low, must, high, because }: Relation, options: Options): readonly RelationFault[] {
  const [lowValue, highValue] = [Number(options[low]), Number(options[high])];
  const holds = {
    less: lowValue < highValue,
    'at-most': lowValue <= highValue,
    'less-than-half': lowValue * 2 < highValue,
    'a-second-less': lowValue + 1000 <= highValue,
  };
  if (holds[must]) return [];
  const problem = `${shown(low, options)} has to be ${phrases[must]} ${shown(high, options)}: ${because}`;
  return [{ names: [low, high], problem }];
}

const phrases: Readonly<Record<Relation['must'], string>> = {
  less: 'less than',
  'at-most': 'at most',
  'less-than-half': 'less than half of',
  'a-second-less': 'at least a second less than',
};

function checkPorts(options: Options): readonly RelationFault[] {
  if (options.port === 0 || options.port !== options.adminPort) return [];
  const problem = `port and adminPort are both ${options.port}: the admin listener has a port of its own`;
  return [{ names: ['port', 'adminPort'], problem }];
}

const shown = (name: OptionName, options: Options): string =>
  `${name} (${formatAmount(Number(options[name]), optionSpec(name).unit)})`;
