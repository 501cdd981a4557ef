import { applyDecorators, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { currentRequestId } from '../../platform/profiling/span.js';
import { type Envelope, envelope } from './compat-answer.js';

/** What the document says of an answer in the original's envelope. */
export const AnswersEnvelope = (data: Type, status = 200): MethodDecorator =>
  applyDecorators(
    ApiExtraModels(data),
    ApiResponse({
      status,
      schema: {
        type: 'object',
        required: ['data', 'timestamp', 'request_id'],
        properties: {
          data: { $ref: getSchemaPath(data) },
          timestamp: { type: 'string', format: 'date-time' },
          request_id: { type: 'string' },
        },
      },
    }),
  );

export async function enveloped<T>(data: T | Promise<T>): Promise<Envelope<T>> {
  return envelope(await data, currentRequestId() ?? '', new Date());
}
