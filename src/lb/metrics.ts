import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Where a response came from: the label of most of the lb's metrics. `gone`: the client left before it had one. */
export type ResponseOrigin =
  | 'memory'
  | 'store'
  | 'made'
  | 'joined'
  | 'not-modified'
  | 'original'
  | 'error'
  | 'gone'
  | 'health';

/** All metrics of an lb. Labels are from closed lists: no URL, key or address ever becomes one. */
export function openLbMetrics() {
  const registry = new Registry();
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Counter({ name, help, labelNames: [...labelNames], registers });
  const gauge = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Gauge({ name, help, labelNames: [...labelNames], registers });
  const histogram = <Label extends string>(
    name: string,
    help: string,
    buckets: number[],
    labelNames: readonly Label[] = [],
  ) => new Histogram({ name, help, buckets, labelNames: [...labelNames], registers });
  return {
    registry,
    requests: counter('pileus_http_requests_total', 'Requests answered, by status and where the answer came from.', [
      'status',
      'from',
    ]),
    requestSeconds: histogram(
      'pileus_http_request_seconds',
      'From the request line to the last byte handed to the system.',
      secondsBuckets,
      ['from'],
    ),
    errors: counter('pileus_errors_total', 'Errors answered, by code.', ['code']),
    responseBytes: counter('pileus_http_response_bytes_total', 'Body bytes sent.'),
    phaseSeconds: histogram(
      'pileus_phase_seconds',
      'Phases of jobs: queue (lb), fetch, wait and process (worker).',
      secondsBuckets,
      ['phase'],
    ),
    shed: counter('pileus_shed_total', 'Jobs refused at the door or shed from the queue.', ['reason']),
    redirects: counter('pileus_redirects_total', 'Jobs that workers handed back.', ['reason']),
    retries: counter('pileus_retries_total', 'Jobs tried again after their worker died.'),
    joined: counter('pileus_singleflight_joined_total', 'Requests that waited for the job of another.'),
    quarantineRefusals: counter('pileus_quarantine_refusals_total', 'Requests refused because of the quarantine.'),
    costErrorRatio: histogram(
      'pileus_cost_error_ratio',
      'Actual over predicted milliseconds of a job.',
      [0.1, 0.25, 0.5, 0.7, 0.85, 1, 1.18, 1.4, 2, 4, 10],
    ),
    queueJobs: gauge('pileus_queue_jobs', 'Jobs waiting for a worker, by lane.', ['lane']),
    queueWaitSeconds: gauge('pileus_queue_predicted_wait_seconds', 'Predicted wait of a light job that came now.'),
    requestsInFlight: gauge('pileus_http_requests_in_flight', 'Requests under way.'),
    connections: gauge('pileus_http_connections', 'Open client connections.'),
    bufferedBytes: gauge('pileus_http_buffered_bytes', 'Result bytes held for clients that have not read them yet.'),
    cacheBytes: gauge('pileus_cache_bytes', 'Bytes in the result caches.', ['cache']),
    cacheEntries: gauge('pileus_cache_entries', 'Entries in the result caches and tables.', ['cache']),
    storeWritten: counter('pileus_store_written_total', 'Results written to the result store.'),
    storeDropped: counter('pileus_store_dropped_total', 'Results not kept: too many waited, or writing was paused.'),
    storeCorrupt: counter('pileus_store_corrupt_total', 'Stored results that were torn or changed, and were deleted.'),
    storeErrors: counter('pileus_store_errors_total', 'Failures of the disk, by what was tried.', ['doing']),
    logLinesDropped: counter('pileus_log_lines_dropped_total', 'Log lines of the lb that nobody read.'),
    backendScore: gauge('pileus_backend_score', 'Load score of each worker for a job of mean size.', ['slot']),
  };
}

export type LbMetrics = ReturnType<typeof openLbMetrics>;

const secondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15];
