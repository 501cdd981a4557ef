import type { Provider, Type } from '@nestjs/common';
import { PlotBeatsController } from './plot-beats.controller.js';
import { PlotBeatsRepository } from './plot-beats.repository.js';
import { PlotBeats } from './plot-beats.service.js';
import { PlotsController } from './plots.controller.js';
import { PlotsRepository } from './plots.repository.js';
import { PlotsService } from './plots.service.js';
import { StoryReminders } from './story-reminders.service.js';
import { PlotBeatsPart } from './plot-beats.part.js';

export const PLOTS_CONTROLLERS: Type[] = [PlotBeatsController, PlotsController];

export const PLOTS_PROVIDERS: Provider[] = [
  PlotsRepository,
  PlotBeatsRepository,
  PlotsService,
  PlotBeats,
  StoryReminders,
  PlotBeatsPart,
];
