import { type DynamicModule, Module, type Provider, type Type } from '@nestjs/common';
import { RollDefinitions } from './wish-lists/roll-definitions.service.js';
import { RollEvaluation } from './wish-lists/roll-evaluation.service.js';
import { RollsController } from './wish-lists/rolls.controller.js';
import { WishListDesk } from './wish-lists/wish-list-desk.service.js';
import { WishListsController } from './wish-lists/wish-lists.controller.js';
import { WishListsRepository } from './wish-lists/wish-lists.repository.js';
import { WishLists } from './wish-lists/wish-lists.service.js';
import { WishRollsRepository } from './wish-lists/wish-rolls.repository.js';

const CONTROLLERS: Type[] = [WishListsController, RollsController];
const PROVIDERS: Provider[] = [
  WishListsRepository,
  WishRollsRepository,
  WishListDesk,
  WishLists,
  RollDefinitions,
  RollEvaluation,
];

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
