/**
 * Is this text an SVG? Looks for `<svg` behind byte order mark, XML declaration, comments and doctype, within the
 * first `svgWindowBytes`. Null when the window is not full and more bytes could tell. Text that is HTML is
 * no SVG, whatever is embedded in it.
 */
export const sniffSvg = (bytes: Uint8Array): boolean | null => {
  const text = asText(bytes.subarray(0, svgWindowBytes));
  const start = text.trimStart();
  if (start === '') return bytes.length < svgWindowBytes ? null : false;
  if (!start.startsWith('<') || /^<!doctype\s+html|^<html/i.test(start)) return false;
  if (/<(?:[a-z][\w.-]*:)?svg[\s>/]/i.test(start)) return true;
  return bytes.length < svgWindowBytes ? null : false;
};

const svgWindowBytes = 4096;

/** One character a byte; UTF-16 and byte order marks are reduced to that by leaving their extra bytes out. */
const asText = (bytes: Uint8Array): string => {
  let text = '';
  for (const byte of bytes) {
    if (byte !== 0 && byte < 0x80) text += String.fromCharCode(byte);
  }
  return text;
};
