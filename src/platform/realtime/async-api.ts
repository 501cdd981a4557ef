import { z } from 'zod';
import { productVersion } from '../config/product-version.js';
import type { Frames } from './frames.js';
import { MOST_ID_CHARACTERS } from './frames.js';
import { PLATFORM_RECEIVES, PLATFORM_SENDS } from './platform.frames.js';
import { yamlText } from './yaml-text.js';

// docs/asyncapi.yaml (AsyncAPI 3.0), made of the very schemas by which frames are checked. `receive` and `send` are the server's.

interface Frame {
  readonly event: string;
  readonly description: string;
  readonly data: z.ZodType;
  readonly answer?: string;
}

const PLATFORM = 'platform';
const reference = (path: string): { $ref: string } => ({ $ref: `#/${path}` });

/** @param gateways in the order in which they are shown */
export function asyncApiText(gateways: readonly Frames[]): string {
  return yamlText(asyncApi(gateways));
}

export function asyncApi(gateways: readonly Frames[]): Record<string, unknown> {
  const own: [name: string, frames: Pick<Frames, 'receives' | 'sends'>][] = [
    [PLATFORM, { receives: PLATFORM_RECEIVES, sends: PLATFORM_SENDS }],
    ...gateways.map((frames): [string, Frames] => [nameOf(frames), frames]),
  ];
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Guildhall, WebSockets',
      version: productVersion(),
      description:
        'Frames are JSON objects {event, data, id?} in text messages, both ways. An id of the client (1 to 64 characters) comes back with the answer: the ' +
        'one named here, `done` where there is none, or `error`. Frames of a room carry their place as id; a client that comes back says the last one it ' +
        'saw. Some frames may then come twice. A socket is opened by a one-use ticket (POST /api/v1/auth/ws-ticket) offered as the subprotocol ' +
        '`ticket.<ticket>` beside `guildhall.v1`, or by Authorization: Bearer; what stands in the URL is not looked at. Refusals are HTTP answers ' +
        '(problem+json). Close codes: 1003 not text, 1009 too large, 1011 our fault, 1012 restart (come back after `retryMs` of `bye`), 1013 reads too ' +
        'slowly, 4401 token ended or taken back, 4403 forbidden, 4408 no sign of life, 4429 too many messages.',
    },
    defaultContentType: 'application/json',
    servers: {
      guildhall: {
        host: 'localhost:8000',
        protocol: 'ws',
        description: 'A development installation; wss wherever TLS ends.',
        security: [
          reference('components/securitySchemes/bearer'),
          reference('components/securitySchemes/ticket'),
        ],
      },
    },
    channels: Object.fromEntries(gateways.map((frames) => [nameOf(frames), channel(frames)])),
    operations: Object.fromEntries(gateways.flatMap(operations)),
    components: {
      messages: Object.fromEntries(own.flatMap(([name, frames]) => messages(name, frames))),
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        ticket: {
          type: 'httpApiKey',
          name: 'Sec-WebSocket-Protocol',
          in: 'header',
          description: 'guildhall.v1, ticket.<ticket>',
        },
      },
    },
  };
}

function nameOf({ path }: Frames): string {
  return path.slice('/ws/'.length);
}

function channel(frames: Frames): Record<string, unknown> {
  const name = nameOf(frames);
  const own = [...frames.receives, ...frames.sends].map((frame) => [frame.event, name]);
  const common = [...PLATFORM_RECEIVES, ...PLATFORM_SENDS].map((frame) => [frame.event, PLATFORM]);
  return {
    address: frames.path,
    title: frames.title,
    description: `${frames.description} Needs the permission ${frames.permission}.`,
    messages: Object.fromEntries(
      [...common, ...own].map(([event, from]) => [event, reference(`components/messages/${from}.${event}`)]),
    ),
    bindings: { ws: { method: 'GET', bindingVersion: '0.1.0' } },
  };
}

function operations(frames: Frames): [string, unknown][] {
  const name = nameOf(frames);
  const at = reference(`channels/${name}`);
  const message = (event: string): { $ref: string } => reference(`channels/${name}/messages/${event}`);
  const receives: readonly Frame[] = [...PLATFORM_RECEIVES, ...frames.receives];
  const answers: Record<string, string> = { ping: 'pong', authenticate: 'authenticated' };
  return [
    ...receives.map(({ event, description, answer }): [string, unknown] => [
      `${name}.${event}`,
      {
        action: 'receive',
        channel: at,
        summary: description,
        messages: [message(event)],
        reply: { channel: at, messages: [message(answer ?? answers[event] ?? 'done'), message('error')] },
      },
    ]),
    ...[...PLATFORM_SENDS, ...frames.sends].map(({ event, description }): [string, unknown] => [
      `${name}.${event}`,
      { action: 'send', channel: at, summary: description, messages: [message(event)] },
    ]),
  ];
}

function messages(
  name: string,
  { receives, sends }: Pick<Frames, 'receives' | 'sends'>,
): [string, unknown][] {
  const one = (frame: Frame, io: 'input' | 'output'): [string, unknown] => [
    `${name}.${frame.event}`,
    {
      name: frame.event,
      summary: frame.description,
      payload: {
        type: 'object',
        required: ['event', 'data'],
        additionalProperties: false,
        properties: {
          event: { const: frame.event },
          data: schemaOf(frame.data, io),
          id: { type: 'string', minLength: 1, maxLength: MOST_ID_CHARACTERS },
        },
      },
    },
  ];
  return [...receives.map((frame) => one(frame, 'input')), ...sends.map((frame) => one(frame, 'output'))];
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): unknown {
  const { $schema: _dialect, ...own } = z.toJSONSchema(schema, { target: 'draft-7', io });
  return own;
}
