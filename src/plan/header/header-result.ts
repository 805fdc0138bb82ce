import type { PileusError } from '../../shared/errors.ts';
import type { Header } from '../header.ts';

/** What the bytes at hand say about a picture. */
export type HeaderResult =
  /** `final: false`: a later byte may still add frames (GIF, WebP, TIFF) or, in a GIF, alpha. */
  | Readonly<{ state: 'known'; header: Header; final: boolean }>
  /** Undecided; never said of a complete file. */
  | Readonly<{ state: 'need-more' }>
  /** `partial` is what a truncated picture had shown, for namespaces that accept truncated stills. */
  | Readonly<{ state: 'refused'; error: PileusError; partial?: Header }>;

/** What a format's reader gives. It throws a PileusError for a refusal and `endOfBytes` where bytes lack. */
export type HeaderRead = Readonly<{
  header: Header;
  /** Nothing that follows can change the header. */
  final: boolean;
  /** The file is truncated if it has fewer bytes than this; 0 where the decoder notices by itself. */
  bytesMin: number;
}>;
