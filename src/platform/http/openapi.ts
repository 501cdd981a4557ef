import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { productVersion } from '../config/product-version.js';
import { COMPAT_PREFIX } from './compat-error.js';
import { describeIntegers, describePathIntegers } from './documented-integers.js';

export const PROBLEM_SCHEMA = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code', 'instance', 'requestId'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string', description: 'Stable, `<domain>/<kebab>`' },
    instance: { type: 'string' },
    requestId: { type: 'string' },
    retryAfterS: { type: 'integer' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['pointer', 'code', 'detail'],
        properties: {
          pointer: { type: 'string', description: 'JSON pointer, RFC 6901' },
          code: { type: 'string' },
          detail: { type: 'string' },
        },
      },
    },
  },
} as const;

/** The OpenAPI document of the running routes; the same that `npm run openapi` commits as docs/openapi.json. */
export function buildOpenApi(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Guildhall')
    .setDescription(
      'One self-hosted backend for companion apps. Errors are RFC 9457 problem+json; below /compat/ answers keep the shapes ' +
        'that the original clients expect.',
    )
    .setVersion(productVersion())
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'opaque' })
    .addSecurityRequirements('bearer')
    .build();
  describeIntegers();
  const document = SwaggerModule.createDocument(app, config, {
    operationIdFactory: (controller, method) => `${controller}.${method}`,
  });
  document.components ??= {};
  document.components.schemas = { ...document.components.schemas, Problem: PROBLEM_SCHEMA as never };
  describePathIntegers(document.paths);
  for (const [name, path] of Object.entries(document.paths)) {
    if (name.startsWith(COMPAT_PREFIX)) continue; // their errors have the originals' shapes
    for (const operation of Object.values(path as Record<string, { responses?: Record<string, unknown> }>)) {
      if (operation.responses) {
        operation.responses['default'] = {
          description: 'Problem',
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        };
      }
    }
  }
  return document;
}

/** Serves `/openapi.json` and the Swagger UI at `/docs`; the document is built at the first request for it. */
export function serveOpenApi(app: INestApplication): void {
  let document: OpenAPIObject | undefined;
  SwaggerModule.setup('docs', app, () => (document ??= buildOpenApi(app)), {
    jsonDocumentUrl: '/openapi.json',
    raw: ['json'],
  });
}
