import { type DynamicModule, Module, type Provider, type Type } from '@nestjs/common';
import { ActiveRuns } from './agent/active-runs.service.js';
import { PLAYER_READS } from './agent/agent.tokens.js';
import { AnswerDesk } from './agent/answer-desk.service.js';
import { ChatDesk } from './agent/chat-desk.service.js';
import { ChatService } from './agent/chat.service.js';
import { ChatStreams } from './agent/chat-streams.service.js';
import { ConversationsController } from './agent/conversations.controller.js';
import { ConversationsRepository } from './agent/conversations.repository.js';
import { ConversationsService } from './agent/conversations.service.js';
import { MessagesRepository } from './agent/messages.repository.js';
import { ModelAnswers } from './agent/model-answer.service.js';
import { Personas } from './agent/personas.service.js';
import { DestinyReads } from './agent/player-reads.service.js';
import { RulesAnswers } from './agent/rules-answer.service.js';
import { RunLedger } from './agent/run-ledger.service.js';
import { AgentRunsController } from './agent/runs.controller.js';
import { Titles } from './agent/titles.service.js';
import { ToolRunner } from './agent/tool-runner.service.js';

const AGENT: Provider[] = [
  ConversationsRepository,
  MessagesRepository,
  ConversationsService,
  Personas,
  RunLedger,
  ActiveRuns,
  { provide: PLAYER_READS, useClass: DestinyReads },
  ToolRunner,
  RulesAnswers,
  ModelAnswers,
  AnswerDesk,
  Titles,
  ChatService,
  ChatStreams,
  ChatDesk,
];

const CONTROLLERS: Type[] = [ConversationsController, AgentRunsController];
const PROVIDERS: Provider[] = [...AGENT];

/** A player's catalysts and weapons in Destiny 2, and an agent that answers from them. */
@Module({})
export class DestinyModule {
  /** @param isServing false for a process that only works */
  static register(isServing: boolean): DynamicModule {
    return {
      module: DestinyModule,
      controllers: isServing ? CONTROLLERS : [],
      providers: PROVIDERS,
    };
  }
}
