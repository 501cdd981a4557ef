import { type DynamicModule, Module, type Provider, type Type } from '@nestjs/common';

const CONTROLLERS: Type[] = [];
const PROVIDERS: Provider[] = [];

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
