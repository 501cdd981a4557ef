// One object per (method, route pattern), made once: its name goes into rows, its counts into /metrics. Everything that every
// request does with it is array arithmetic; the shape that Prometheus wants is made when somebody asks.

/** Upper bounds of the histogram's buckets in milliseconds; a last one without bound follows. */
export const BUCKETS_MS = [1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000] as const;
/** `1xx` to `5xx`, at index status / 100 - 1. */
export const STATUS_CLASSES = ['1xx', '2xx', '3xx', '4xx', '5xx'] as const;

/** Answers of one endpoint with one class of status. */
export interface Series {
  /** Answers per bucket, not cumulated. */
  readonly buckets: Float64Array;
  sumMs: number;
}

export class Endpoint {
  /** `GET /api/v1/things/:id`. */
  readonly name: string;
  readonly series: (Series | undefined)[] = STATUS_CLASSES.map(() => undefined);

  constructor(
    readonly method: string,
    readonly route: string,
  ) {
    this.name = `${method} ${route}`;
  }

  count(status: number, durationMs: number): void {
    const index = Math.min(Math.max(Math.trunc(status / 100) - 1, 0), STATUS_CLASSES.length - 1);
    const series = (this.series[index] ??= { buckets: new Float64Array(BUCKETS_MS.length + 1), sumMs: 0 });
    let bucket = 0;
    while (bucket < BUCKETS_MS.length && durationMs > BUCKETS_MS[bucket]!) bucket += 1;
    series.buckets[bucket]! += 1;
    series.sumMs += durationMs;
  }
}

/** As many as there are routes and methods: what the program declares, never what a client writes. */
export class Endpoints {
  private readonly byRoute = new Map<string, Map<string, Endpoint>>();

  /** @param route the pattern, or a word in brackets where none matched */
  of(method: string, route: string): Endpoint {
    const known = this.byRoute.get(route)?.get(method);
    if (known) return known;
    const byMethod = this.byRoute.get(route) ?? new Map<string, Endpoint>();
    const endpoint = new Endpoint(method, route);
    this.byRoute.set(route, byMethod.set(method, endpoint));
    return endpoint;
  }

  all(): Endpoint[] {
    return [...this.byRoute.values()].flatMap((byMethod) => [...byMethod.values()]);
  }
}
