/** A side of a size: pixels, the source's own, or null for free. */
export type Side = number | 'orig' | null;

/** A filter with its arguments as one text: `{ name: 'blur', args: '4,2' }`. */
export type Filter = Readonly<{ name: string; args: string }>;

export type Crop = Readonly<{ left: number; top: number; right: number; bottom: number; unit: 'px' | 'share' }>;
export type Trim = Readonly<{ by: 'top-left' | 'bottom-right'; tolerance: number }>;
export type Padding = Readonly<{ left: number; top: number; right: number; bottom: number }>;

/** What a path says, behind its signature. */
export type Params = Readonly<{
  meta: boolean;
  trim: Trim | null;
  crop: Crop | null;
  fitIn: Readonly<{ adaptive: boolean; full: boolean }> | null;
  stretch: boolean;
  /** Null where no size stands in the path. */
  size: Readonly<{ width: Side; height: Side; flipX: boolean; flipY: boolean }> | null;
  padding: Padding | null;
  halign: 'left' | 'center' | 'right' | null;
  valign: 'top' | 'middle' | 'bottom' | null;
  smart: boolean;
  filters: readonly Filter[];
  /** As it stands in the path. */
  image: string;
}>;
