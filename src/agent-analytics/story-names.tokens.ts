import type { FactoryProvider } from '@nestjs/common';
import { ENV } from '../platform/config/config.module.js';
import type { Env } from '../platform/config/env.js';
import { type StoryNames, storyNames } from './figures/story-names.js';

/** `StoryNames` of the settings. */
export const STORY_NAMES = Symbol('STORY_NAMES');

export const STORY_NAMES_PROVIDER: FactoryProvider<StoryNames> = {
  provide: STORY_NAMES,
  inject: [ENV],
  useFactory: (env: Pick<Env, 'storyNames'>) => storyNames(env.storyNames),
};
