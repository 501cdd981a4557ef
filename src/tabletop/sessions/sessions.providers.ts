import type { Provider, Type } from '@nestjs/common';
import { Appearances } from './appearances.service.js';
import { GameSessionsController } from './game-sessions.controller.js';
import { GameSessions } from './game-sessions.service.js';
import { SessionsRepository } from './sessions.repository.js';

export const SESSIONS_CONTROLLERS: Type[] = [GameSessionsController];

export const SESSIONS_PROVIDERS: Provider[] = [SessionsRepository, GameSessions, Appearances];
