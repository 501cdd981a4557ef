import type { ServerResponse } from 'node:http';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { Observable } from 'rxjs';
import { tap } from 'rxjs';
import { currentContext } from '../../platform/profiling/span.js';

const HEADER = 'X-Process-Time';

/** Every answer of the mount says how long it took, seconds, as the original's do; of a stream, until it begins. */
@Injectable()
export class ProcessTime implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const response = context.switchToHttp().getResponse<ServerResponse>();
    tellProcessTime(response);
    return next.handle().pipe(tap(() => tellProcessTime(response)));
  }
}

export function tellProcessTime(response: ServerResponse): void {
  if (response.headersSent) return;
  response.setHeader(HEADER, String((currentContext()?.elapsedMs() ?? 0) / 1_000));
}
