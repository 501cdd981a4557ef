import { type DynamicModule, Module } from '@nestjs/common';
import { v7 as newId } from 'uuid';
import { AgentRunner } from './agent-runner.service.js';
import { AI_WORLD, type AiWorld } from './ai.tokens.js';
import { ModelClient } from './model.client.js';
import { ModelProbe } from './model-probe.service.js';

const REAL_WORLD: AiWorld = {
  elapsedMs: () => performance.now(),
  newId: () => newId(),
};

/** Language models, and agents that answer from tools. Without a model it is there all the same, and says so. */
@Module({})
export class AiModule {
  static forRoot(): DynamicModule {
    return {
      module: AiModule,
      global: true,
      providers: [{ provide: AI_WORLD, useValue: REAL_WORLD }, ModelClient, ModelProbe, AgentRunner],
      exports: [ModelClient, ModelProbe, AgentRunner],
    };
  }
}
