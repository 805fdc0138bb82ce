/**
 * V8's arguments for an lb. It lives on 40 MB and makes garbage with every request, so V8 would mark its heap every other
 * second: 20 to 80 ms of work in pieces, during which requests wait. Begun at 256 MB, it does so every minute. Measured:
 * docs/decisions/0015. Majors whose V8 is not known to have the flag get none: node would refuse to start.
 */
export const lbHeapArguments = (v8Version: string = process.versions.v8): readonly string[] => {
  const major = Number.parseInt(v8Version, 10);
  return major >= 11 && major <= 13 ? [`--initial-heap-size=${initialMb}`] : [];
};

const initialMb = 256;
