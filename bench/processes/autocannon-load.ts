import autocannon from 'autocannon';
import type { AutocannonRequest, LoadReport } from '../support/http-load.js';
import { answerRequests } from '../support/worker.js';

const CONNECTIONS = 32;

answerRequests(async ({ url, headers, paths, status, seconds }: AutocannonRequest): Promise<LoadReport> => {
  const result = await autocannon({
    url,
    connections: CONNECTIONS,
    duration: seconds,
    requests: paths.map((path) => ({ method: 'GET', path, headers })),
  });
  const total = result.requests.total;
  const right = result.statusCodeStats[String(status)]?.count ?? 0;
  return {
    requests: total,
    seconds: result.duration,
    failures: result.errors + result.timeouts + Math.max(0, total - right),
  };
});
