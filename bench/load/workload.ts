/** One question of the bench. A workload starts what it needs, measures, stops it again, and gives rows for the table. */
export type Workload = Readonly<{
  name: string;
  /** What it asks, and the figure that it has to reach (docs and the table). */
  asks: string;
  run: (context: BenchContext) => Promise<readonly Row[]>;
}>;

export type BenchContext = Readonly<{
  /** Folder with the originals made by code. */
  originals: string;
  /** CPUs of this machine: workers of the server, processes of the limit. */
  cpus: number;
  /** Short runs, for trying the bench itself. */
  quick: boolean;
}>;

/** A line of the table. Absent figures were not measured by that workload. */
export type Row = Readonly<{
  workload: string;
  rps?: number;
  p50Ms?: number;
  p95Ms?: number;
  p99Ms?: number;
  cpuMsPerRequest?: number;
  peakRssMb?: number;
  bytesOut?: number;
  errors?: number;
  /** Throughput as a share of the limit measured in the same run. */
  ofLimit?: number;
  /** The thirty-line server's, likewise. */
  naiveOfLimit?: number;
  /** Anything else that the workload is about. */
  [figure: string]: string | number | undefined;
}>;
