import { Injectable } from '@nestjs/common';
import { assertMay } from '../../platform/auth/assert-may.js';
import type { Permission, Principal } from '../../platform/auth/principal.js';
import { invalidMode, invalidResource, methodNotAllowed } from './compat.errors.js';
import { type RawQuery, textOf } from './compat-query.js';

// The original has one address for many resources and takes the name of the resource from the query. Each resource is served by
// a class of its own, which registers what it answers here when the module starts; the controllers only look it up.
//
// One address also serves calls that need different permissions, so its routes ask for the least of them, and what a method needs
// beyond that is asked here: the address says, unless the resource does.

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

/** What a resource's methods need. */
export type CompatNeeds = Partial<Record<CompatMethod, Permission>>;

const USUAL_NEEDS: Record<CompatAddress, CompatNeeds> = {
  data: { POST: 'market:contribute', PUT: 'market:curate', DELETE: 'market:curate' },
  user: { POST: 'market:own', PUT: 'market:own', DELETE: 'market:own' },
  market_v2: { POST: 'market:curate', PUT: 'market:curate', DELETE: 'market:curate' },
};

/** An answer of the usual status. */
export const replyOf = (body: unknown, status = 200): CompatReply => ({ status, body });

@Injectable()
export class CompatResources {
  private readonly resources = new Map<string, CompatResource>();
  private readonly needs = new Map<string, CompatNeeds>();

  /**
   * @param name `recipes`, or `recipes&mode=usage` for one of its modes, which comes before what the resource answers by itself
   * @param needs where the resource's methods need other permissions than is usual at the address
   * @throws Error when two classes want to answer the same call
   */
  register(address: CompatAddress, name: string, resource: CompatResource, needs: CompatNeeds = {}): void {
    const key = `${address} ${name}`;
    const known = this.resources.get(key) ?? {};
    const twice = Object.keys(resource).find((method) => method in known);
    if (twice !== undefined) throw new Error(`${twice} ${key} is answered twice`);
    this.resources.set(key, { ...known, ...resource });
    this.needs.set(key, { ...this.needs.get(key), ...needs });
  }

  /** @throws CompatError for a resource or method that is not served, and for what the resource refuses */
  async answer(address: CompatAddress, method: CompatMethod, request: CompatRequest): Promise<CompatReply> {
    const name = `${address} ${textOf(request.query, 'resource')}`;
    const nameOfMode = `${name}&mode=${textOf(request.query, 'mode')}`;
    const ofMode = this.resources.get(nameOfMode);
    const resource = { ...this.resources.get(name), ...ofMode };
    const methods = Object.keys(resource);
    if (methods.length === 0) throw this.hasModes(name) ? invalidMode() : invalidResource();
    const handler = resource[method];
    if (!handler) throw methodNotAllowed(methods.join(', '), `${method} is not allowed here.`);
    const needs = this.needs.get(ofMode && method in ofMode ? nameOfMode : name);
    const needed = needs?.[method] ?? USUAL_NEEDS[address][method];
    if (needed !== undefined) assertMay(request.principal, needed);
    return handler(request);
  }

  private hasModes(name: string): boolean {
    return [...this.resources.keys()].some((key) => key.startsWith(`${name}&mode=`));
  }
}
