import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { Observable } from 'rxjs';
import { beginHandler, endHandler } from './span.js';

/**
 * The handler as a span, with everything it does inside of it. The rest of a request (guards, pipes, refusals, routes that
 * do not exist) is seen by the middleware that opens and closes its context.
 */
@Injectable()
export class ProfileInterceptor implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const span = beginHandler();
    const source = next.handle();
    if (span === undefined) return source;
    // Handing on the very subscriber spares RxJS one of its own; what is added to it runs however it ends.
    return new Observable((subscriber) => {
      subscriber.add(() => endHandler(span));
      source.subscribe(subscriber);
    });
  }
}
