// Development tools that ship no types; only what the benchmarks use of them.

declare module 'autocannon' {
  interface Result {
    duration: number;
    errors: number;
    timeouts: number;
    requests: { total: number };
    statusCodeStats: Record<string, { count: number } | undefined>;
  }
  interface Options {
    url: string;
    connections: number;
    duration: number;
    requests: { method: string; path: string; headers: Record<string, string> }[];
  }
  const autocannon: (options: Options) => Promise<Result>;
  export = autocannon;
}

declare module 'pg-copy-streams' {
  import type { Submittable } from 'pg';
  import type { Writable } from 'node:stream';
  export function from(sql: string): Writable & Submittable;
}
