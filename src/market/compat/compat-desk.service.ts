import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import { publicOrigin } from '../../platform/http/public-origin.js';
import {
  type CompatAddress,
  type CompatMethod,
  type CompatReply,
  CompatResources,
} from './compat-resources.service.js';

/** A request as it came: what its origin is made of, and the body. */
type CameIn = Parameters<typeof publicOrigin>[1] & { body: unknown };

/** Hands a request at one of the shared addresses to its resource. */
@Injectable()
export class CompatDesk {
  constructor(
    @Inject(ENV) private readonly env: Env,
    private readonly resources: CompatResources,
  ) {}

  /** @throws CompatError for what is not served and for what the resource refuses */
  answer(address: CompatAddress, principal: Principal, request: CameIn, file?: Buffer): Promise<CompatReply> {
    return this.resources.answer(address, methodOf(request), {
      principal,
      query: request.query,
      origin: publicOrigin(this.env, request),
      body: request.body,
      file,
      now: new Date(),
    });
  }
}

function methodOf({ method }: CameIn): CompatMethod {
  return method === 'HEAD' ? 'GET' : (method as CompatMethod);
}
