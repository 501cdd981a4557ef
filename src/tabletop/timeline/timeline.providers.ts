import type { Provider, Type } from '@nestjs/common';
import { CampaignCalendars } from './campaign-calendars.service.js';
import { TimelineController } from './timeline.controller.js';
import { TimelineRepository } from './timeline.repository.js';
import { Timeline } from './timeline.service.js';
import { WorldEventsController } from './world-events.controller.js';
import { WorldEvents } from './world-events.service.js';

export const TIMELINE_CONTROLLERS: Type[] = [TimelineController, WorldEventsController];

export const TIMELINE_PROVIDERS: Provider[] = [TimelineRepository, Timeline, CampaignCalendars, WorldEvents];
