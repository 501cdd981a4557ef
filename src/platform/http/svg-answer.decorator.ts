import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  UseInterceptors,
} from '@nestjs/common';
import { ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import { mergeMap, type Observable } from 'rxjs';
import { answerSvg, type Picture, SVG } from './svg-answer.js';

@Injectable()
class SvgAnswers implements NestInterceptor<Picture> {
  intercept(context: ExecutionContext, next: CallHandler<Picture>): Observable<unknown> {
    const http = context.switchToHttp();
    const [request, response] = [http.getRequest<IncomingMessage>(), http.getResponse<ServerResponse>()];
    return next.handle().pipe(mergeMap((picture) => answerSvg(request, response, picture)));
  }
}

/** A route whose handler returns a {@link Picture}: it is sent as SVG, or as 304 while the client has the same one. */
export const AnswersSvg = (): MethodDecorator =>
  applyDecorators(ApiProduces('image/svg+xml'), ApiOkResponse(SVG), UseInterceptors(SvgAnswers));
