import { type Fault, faultLine } from '../config/place.ts';

/** Every fault on a line of its own, and how many there are. */
export function printFaults(faults: readonly Fault[], print: (line: string) => void): void {
  for (const fault of faults) print(faultLine(fault));
  if (faults.length > 1) print(`${faults.length} faults`);
}
