import type { ChildChannel } from './channel.ts';

/** Unasked, so that little is lost of what a child had counted when it is killed. */
const reportEveryMs = 10_000;

export type MetricsReports = Readonly<{
  /** Tells the master now. */
  tell: () => Promise<void>;
  stop: () => void;
}>;

/**
 * A child's metrics to its master. Gathering and sending them takes milliseconds of both, so they are no part of a
 * heartbeat: the master asks when it is scraped.
 */
export function startMetricsReports(
  channel: Pick<ChildChannel, 'send'>,
  gather: () => Promise<unknown>,
): MetricsReports {
  const tell = async (): Promise<void> => {
    channel.send({ type: 'metrics', metrics: await gather() });
  };
  const reports = setInterval(() => void tell(), reportEveryMs);
  return { tell, stop: () => clearInterval(reports) };
}
