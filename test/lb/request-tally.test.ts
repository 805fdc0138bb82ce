import { expect, it } from 'vitest';
import { openLbMetrics } from '../../src/lb/metrics.ts';
import { RequestTally } from '../../src/lb/request-tally.ts';

it('carries what it counted over once', async () => {
  const metrics = openLbMetrics();
  const tally = new RequestTally();
  tally.add(200, 'memory', 10);
  tally.add(200, 'memory', 20);
  tally.add(404, 'error', 0);
  tally.carryOver(metrics);
  tally.add(200, 'memory', 5);
  tally.carryOver(metrics);
  tally.carryOver(metrics);
  const text = await metrics.registry.metrics();
  expect(text).toContain('pileus_http_requests_total{status="200",from="memory"} 3\n');
  expect(text).toContain('pileus_http_requests_total{status="404",from="error"} 1\n');
  expect(text).toContain('pileus_http_response_bytes_total 35\n');
});
