import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { versionOf } from '../../platform/http/if-match.js';
import { invalidIfMatch } from '../market.errors.js';

/** The version that the client has seen, by its If-Match; undefined when any will do. @throws DomainError */
export const SeenVersion = createParamDecorator(
  (_: unknown, context: ExecutionContext): number | undefined => {
    const version = versionOf(context.switchToHttp().getRequest<Request>().headers['if-match']);
    if (version === 'invalid') throw invalidIfMatch();
    return version;
  },
);
