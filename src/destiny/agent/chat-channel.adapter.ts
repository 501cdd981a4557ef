import type { IncomingMessage, ServerResponse } from 'node:http';
import { type EventSink, eventSink } from '../../platform/http/event-sink.js';
import { writeJson } from '../../platform/http/reply.js';

/** Where the answer to a message goes: as events while it is worked out, or whole. */
export interface ChatChannel {
  readonly wantsEvents: boolean;
  readonly sink: EventSink;
  /** Aborts when the client has left before the end. */
  readonly gone: AbortSignal;
  /** Answers whole. */
  send(status: number, body: object): void;
}

/** Events for whoever names them in Accept; JSON for everybody else. */
export function chatChannel(request: IncomingMessage, response: ServerResponse): ChatChannel {
  const controller = new AbortController();
  const leave = (): void => {
    if (!response.writableFinished) controller.abort();
  };
  response.once('close', leave);
  if (response.destroyed) leave();
  return {
    wantsEvents: /\btext\/event-stream\b/i.test(request.headers.accept ?? ''),
    sink: eventSink(response),
    gone: controller.signal,
    send: (status, body) => {
      response.statusCode = status;
      writeJson(response, body);
    },
  };
}
