import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { Observable } from 'rxjs';
import { beginSpan, currentContext, endSpan, NO_PARENT } from './span.js';

/**
 * The handler as a span, with everything it does inside of it. The rest of a request (guards, pipes, refusals, routes that
 * do not exist) is seen by the middleware that opens and closes its context.
 */
@Injectable()
export class ProfileInterceptor implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const context = currentContext();
    const span = beginSpan('handler');
    if (context === undefined || span === undefined) return next.handle();
    // One request has one handler: its span becomes the context's own place, which needs no frame of its own.
    context.parent = context.spans.length - 1;
    const end = (isError: boolean): void => {
      context.parent = NO_PARENT;
      endSpan(span, isError);
    };
    return new Observable((subscriber) =>
      next.handle().subscribe({
        next: (value) => {
          subscriber.next(value);
        },
        error: (error) => {
          end(true);
          subscriber.error(error);
        },
        complete: () => {
          end(false);
          subscriber.complete();
        },
      }),
    );
  }
}
