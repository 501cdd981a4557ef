export class HealthDto {
  /** healthy: requests are served; unhealthy: the database does not answer. */
  status: 'healthy' | 'unhealthy';
  /** ISO-8601, UTC. */
  timestamp: string;
  /** Version of the program. */
  version: string;
  database: 'connected' | 'disconnected';
}

export class LivenessDto {
  status: 'alive';
}

export class ReadinessDto {
  status: 'ready' | 'not ready';
}

export class DatabaseHealthDto {
  database: 'connected' | 'disconnected';
  /** Time of one round trip in milliseconds; null when there was no answer. */
  latencyMs: number | null;
}

export class DependencyHealthDto {
  /** off: not configured, and nothing is missing. failing: configured, and what needs it does without. */
  status: 'off' | 'ok' | 'failing';
  /** Time of one small question in milliseconds; null when there was no answer. */
  latencyMs: number | null;
}

export class SearchHealthDto extends DependencyHealthDto {
  /** The Elasticsearch or OpenSearch beside PostgreSQL; while it fails, PostgreSQL answers. */
  server: DependencyHealthDto;
}
