/** One dataset of an IPTC record: `values` are several where it is repeated. */
export type IptcField = Readonly<{ name: string; values: readonly string[] }>;

const fieldsMax = 64;
const valueBytesMax = 1024;
const steps = 1024;

/** Application record datasets (IIM 4.2, record 2) that are told. */
const names: Readonly<Record<number, string>> = {
  5: 'ObjectName',
  15: 'Category',
  25: 'Keywords',
  40: 'SpecialInstructions',
  55: 'DateCreated',
  60: 'TimeCreated',
  80: 'Byline',
  85: 'BylineTitle',
  90: 'City',
  92: 'Sublocation',
  95: 'ProvinceState',
  100: 'CountryCode',
  101: 'CountryName',
  105: 'Headline',
  110: 'Credit',
  115: 'Source',
  116: 'CopyrightNotice',
  120: 'Caption',
  122: 'CaptionWriter',
};

/** The datasets of an IPTC record, in the file's order of first mention. What does not parse ends the reading. */
export function readIptc(record: Uint8Array): readonly IptcField[] {
  const found = new Map<string, string[]>();
  let at = 0;
  let values = 0;
  for (let step = 0; step < steps && values < fieldsMax && at + 5 <= record.length && record[at] === 0x1c; step++) {
    const size = ((record[at + 3] ?? 0) << 8) | (record[at + 4] ?? 0);
    const end = at + 5 + size;
    // Extended datasets are longer than anything that is told.
    if (size >= 0x8000 || end > record.length) break;
    const name = record[at + 1] === 2 ? names[record[at + 2] ?? 0] : undefined;
    if (name !== undefined) {
      const text = new TextDecoder().decode(record.subarray(at + 5, Math.min(end, at + 5 + valueBytesMax))).trim();
      found.set(name, [...(found.get(name) ?? []), text]);
      values++;
    }
    at = end;
  }
  return [...found].map(([name, each]) => ({ name, values: each }));
}
