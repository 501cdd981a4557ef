import type { INestApplication } from '@nestjs/common';
import type { Request, Response } from 'express';
import { asyncApiText } from './async-api.js';
import { Gateways } from './gateways.service.js';

/** Serves `/asyncapi.yaml`, the same that `npm run cli -- asyncapi` commits as docs/asyncapi.yaml. */
export function serveAsyncApi(app: INestApplication): void {
  let document: string | undefined;
  app.getHttpAdapter().get('/asyncapi.yaml', (_request: Request, response: Response) => {
    document ??= asyncApiText(app.get(Gateways).all.map(({ frames }) => frames));
    response.type('application/yaml').send(document);
  });
}
