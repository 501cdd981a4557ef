import 'reflect-metadata';
import { Controller, Get, Module, Param } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastExpressAdapter } from '../../src/platform/http/fast-express.adapter.js';
import { answerRequests } from '../support/worker.js';

// A small Nest application on our adapter with many routes in front of the one that is asked for.

export interface RoutesServerOptions {
  /** Routes that are registered before the target. */
  routes: number;
}

const ROUTES_PER_CONTROLLER = 40;
const LIMITS = {
  requestTimeoutMs: 30_000,
  headersTimeoutMs: 10_000,
  keepAliveTimeoutMs: 65_000,
  maxHeaderBytes: 16_384,
};

@Controller('api/v1/target')
class TargetController {
  @Get('things/:id')
  find(@Param('id') id: string): object {
    return { id, name: 'a thing', isFound: true };
  }
}

/** A controller of lists and of things by id, as a domain's are. */
function makeController(number: number, count: number): new () => object {
  class CrowdController {}
  const prototype = CrowdController.prototype as Record<string, unknown>;
  for (let route = 0; route < count; route += 1) {
    const method = `route${route}`;
    prototype[method] = (): object => ({ route });
    const path = route % 2 === 0 ? `things${route}` : `things${route - 1}/:id`;
    Get(path)(prototype, method, Object.getOwnPropertyDescriptor(prototype, method) ?? {});
  }
  Controller(`api/v1/area${number}`)(CrowdController);
  return CrowdController;
}

answerRequests(async ({ routes }: RoutesServerOptions): Promise<{ url: string }> => {
  const crowd: (new () => object)[] = [];
  for (let left = routes; left > 0; left -= ROUTES_PER_CONTROLLER) {
    crowd.push(makeController(crowd.length, Math.min(left, ROUTES_PER_CONTROLLER)));
  }
  class RoutesModule {}
  Module({ controllers: [...crowd, TargetController] })(RoutesModule);
  const app = await NestFactory.create(RoutesModule, new FastExpressAdapter(LIMITS), { logger: false });
  await app.listen(0, '127.0.0.1');
  return { url: await app.getUrl() };
});
