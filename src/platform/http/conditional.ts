import type { IncomingMessage, ServerResponse } from 'node:http';

// A 304 decided in the handler: after the guard and validation, so nobody learns anything without permission, and before
// the rows are loaded, so it costs a tenth of the answer that it replaces.

/** What a handler returns in place of a body that the client already has. The adapter's `reply()` turns it into a 304. */
export const NOT_MODIFIED: unique symbol = Symbol('not modified');

const OPAQUE_TAG = /"[^"]*"/g;

/**
 * Whether an If-None-Match header names this entity tag (RFC 9110, 13.1.2): weakly compared, so `W/"a"` and `"a"` are the
 * same; a list; or `*` for any. An unreadable header names nothing, which costs the client a full answer.
 */
export function matchesEtag(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch === etag || ifNoneMatch.trim() === '*') return true;
  const opaque = etag.startsWith('W/') ? etag.slice(2) : etag;
  return ifNoneMatch.match(OPAQUE_TAG)?.includes(opaque) ?? false;
}

/**
 * Answers a GET or HEAD of a versioned resource: `NOT_MODIFIED` when the client holds `etag`, else what `load` gives.
 *
 * `etag` must name everything the body depends on: the scope (account, query, media type), the version counter, and an
 * epoch that changes when counters start anew. **The counter must be read before the rows are loaded, or in the same
 * snapshot**: read afterwards, it puts a new tag on old rows, and the client keeps them until the next change.
 * A failed load leaves no trace in the headers, so an error is never stored as the resource.
 */
export async function conditional<T>(
  request: IncomingMessage,
  response: ServerResponse,
  etag: string,
  load: () => T | Promise<T>,
): Promise<T | typeof NOT_MODIFIED> {
  const answer = matchesEtag(request.headers['if-none-match'], etag) ? NOT_MODIFIED : await load();
  setValidators(response, etag);
  return answer;
}

function setValidators(response: ServerResponse, etag: string): void {
  const vary = response.getHeader('Vary');
  response.setHeader('ETag', etag);
  response.setHeader('Vary', vary === undefined ? 'Authorization' : `${String(vary)}, Authorization`);
  response.setHeader('Cache-Control', 'private, no-cache');
}

/** A body together with the version that it has, from one snapshot. */
export interface VersionedBody<T, Version = number> {
  version: Version;
  body: T;
}

/**
 * The same for a resource that carries a version, most often a counter: a client that holds some version costs one read of the counter,
 * and the rows only when it has moved; a client that holds none costs the rows alone.
 */
export async function conditionalVersion<T, Version = number>(
  request: IncomingMessage,
  response: ServerResponse,
  resource: {
    etagOf: (version: Version) => string;
    version: () => Promise<Version>;
    load: () => Promise<VersionedBody<T, Version>>;
  },
): Promise<T | typeof NOT_MODIFIED> {
  const held = request.headers['if-none-match'];
  if (held !== undefined) {
    const etag = resource.etagOf(await resource.version());
    if (matchesEtag(held, etag)) {
      setValidators(response, etag);
      return NOT_MODIFIED;
    }
  }
  const { version, body } = await resource.load();
  setValidators(response, resource.etagOf(version));
  return body;
}
