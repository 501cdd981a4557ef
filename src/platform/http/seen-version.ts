import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { versionOf } from './if-match.js';

/**
 * A decorator for the version that the client has seen, by its If-Match; undefined when any will do.
 * @param invalid what is thrown when the header is no tag of ours
 */
export const seenVersion = (invalid: () => Error) =>
  createParamDecorator((_: unknown, context: ExecutionContext): number | undefined => {
    const version = versionOf(context.switchToHttp().getRequest<Request>().headers['if-match']);
    if (version === 'invalid') throw invalid();
    return version;
  });
