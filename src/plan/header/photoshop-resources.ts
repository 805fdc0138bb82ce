/** A resolution as Photoshop keeps it: pixels per `unit`, and the unit in which it shows the side. */
type Axis = Readonly<{ value: number; unit: 'inches' | 'cm'; shownIn: (typeof sideUnits)[number] }>;

export type PhotoshopResolution = Readonly<{ x: Axis; y: Axis }>;

const iptcNumber = 0x0404;
const resolutionNumber = 0x03ed;
const resolutionBytes = 16;
/** At most so many resources are passed. */
const resourcesMax = 1024;
const sideUnits = ['inches', 'cm', 'points', 'picas', 'columns'] as const;

/** The IPTC record among Photoshop's resources, null where there is none. */
export const iptcOf = (resources: Uint8Array): Uint8Array | null => resourceOf(resources, iptcNumber);

/** The resolution among Photoshop's resources (number 1005); null where there is none, or one that means nothing. */
export function resolutionOf(resources: Uint8Array): PhotoshopResolution | null {
  const bytes = resourceOf(resources, resolutionNumber);
  if (bytes === null || bytes.length < resolutionBytes) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const x = axisAt(view, 0);
  const y = axisAt(view, resolutionBytes / 2);
  return x && y && { x, y };
}

/** A fixed point number of 16 and 16 bits, its unit (1 inches, 2 centimetres), and the unit of the side (from 1). */
function axisAt(view: DataView, at: number): Axis | null {
  const unit = view.getUint16(at + 4);
  const shownIn = sideUnits[view.getUint16(at + 6) - 1];
  if ((unit !== 1 && unit !== 2) || shownIn === undefined) return null;
  return { value: view.getUint32(at) / 65_536, unit: unit === 1 ? 'inches' : 'cm', shownIn };
}

/** The first resource (8BIM) of a number, as a JPEG has them. */
function resourceOf(resources: Uint8Array, wanted: number): Uint8Array | null {
  const view = new DataView(resources.buffer, resources.byteOffset, resources.byteLength);
  let at = 0;
  for (let step = 0; step < resourcesMax && at + 12 <= resources.length; step++) {
    if (view.getUint32(at) !== 0x3842_494d) return null;
    const number = view.getUint16(at + 4);
    const nameBytes = (resources[at + 6] ?? 0) + 1;
    const sizeAt = at + 6 + nameBytes + (nameBytes & 1);
    if (sizeAt + 4 > resources.length) return null;
    const size = view.getUint32(sizeAt);
    const from = sizeAt + 4;
    if (from + size > resources.length) return null;
    if (number === wanted) return resources.subarray(from, from + size);
    at = from + size + (size & 1);
  }
  return null;
}
