// Server-Sent Events (HTML, section 9.2) as bytes. An event's id is what a client sends back as Last-Event-ID.

/** @param id undefined: the client's place does not move @param json one line, as JSON.stringify writes it */
export function eventBytes(event: string, id: string | undefined, json: string): Buffer {
  return Buffer.from(`event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${json}\n\n`);
}

/** Moves the client's place without an event. */
export function placeBytes(id: string): Buffer {
  return Buffer.from(`id: ${id}\n\n`);
}

/** Proxies and phones drop connections on which nothing moves. */
export const HEARTBEAT = Buffer.from(': still here\n\n');
