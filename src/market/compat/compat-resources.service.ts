import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { invalidMode, invalidResource, methodNotAllowed } from './compat.errors.js';
import { type RawQuery, textOf } from './compat-query.js';

// The original has one address for many resources and takes the name of the resource from the query. Each resource, or mode
// of one, is served by a class of its own, which registers what it answers here when the module starts; the controllers only look it up.

/** The addresses below `/compat/dofus/api/` that are shared by several resources. */
export type CompatAddress = 'data' | 'user' | 'market_v2';
export type CompatMethod = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** One call of a client. */
export interface CompatCall {
  principal: Principal;
  query: RawQuery;
  /** Where the client reaches this server, for addresses in the answer. */
  origin: string;
}

/** One call with everything that came along. */
export interface CompatRequest extends CompatCall {
  /** JSON or the text fields of a form; undefined without a body. */
  body: unknown;
  /** The file of a form. */
  file: Buffer | undefined;
  now: Date;
}

export interface CompatReply {
  status: number;
  /** Sent as JSON, null included. */
  body: unknown;
}

export type CompatHandler = (request: CompatRequest) => Promise<CompatReply>;
/** What a resource answers, by method. */
export type CompatResource = Partial<Record<CompatMethod, CompatHandler>>;

/** An answer of the usual status. */
export const replyOf = (body: unknown, status = 200): CompatReply => ({ status, body });

@Injectable()
export class CompatResources {
  private readonly resources = new Map<string, CompatResource>();
  private readonly names = new Set<string>();

  /**
   * @param mode of the query that the handlers are for; without one they are for every mode that has none of its own
   * @throws Error when two classes want to answer the same call
   */
  register(address: CompatAddress, name: string, resource: CompatResource, mode?: string): void {
    const key = keyOf(address, name, mode);
    const known = this.resources.get(key) ?? {};
    const twice = Object.keys(resource).find((method) => method in known);
    if (twice !== undefined) throw new Error(`${twice} ${key} is answered twice`);
    this.resources.set(key, { ...known, ...resource });
    this.names.add(keyOf(address, name));
  }

  /** @throws CompatError for a resource, mode or method that is not served, and for what the resource refuses */
  async answer(address: CompatAddress, method: CompatMethod, request: CompatRequest): Promise<CompatReply> {
    const name = textOf(request.query, 'resource');
    if (!this.names.has(keyOf(address, name))) throw invalidResource();
    const resource: CompatResource = {
      ...this.resources.get(keyOf(address, name)),
      ...this.resources.get(keyOf(address, name, textOf(request.query, 'mode'))),
    };
    const methods = Object.keys(resource);
    if (methods.length === 0) throw invalidMode();
    const handler = resource[method];
    if (!handler) throw methodNotAllowed(methods.join(', '), `${method} is not allowed here.`);
    return handler(request);
  }
}

/** Modes come from the query: none is confused with a part of another key. */
function keyOf(address: CompatAddress, name: string, mode?: string): string {
  return JSON.stringify(mode === undefined ? [address, name] : [address, name, mode]);
}
