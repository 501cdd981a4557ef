import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { ObjectDesk } from '../objects/object-desk.service.js';
import { plotDetailsOf } from './plot-kinds.js';
import type { RemindersQueryDto, StoryRemindersDto } from './plots.dto.js';
import {
  PlotsRepository,
  type StoryBeatRow,
  type StoryEventRow,
  type StoryNowRow,
  type ThreadRow,
} from './plots.repository.js';
import { remind, type Story } from './reminders.js';

/** What to think of before the next session: of what the caller sees, and told by nothing else. */
@Injectable()
export class StoryReminders {
  constructor(
    private readonly desk: ObjectDesk,
    private readonly plots: PlotsRepository,
  ) {}

  /** @throws DomainError unknown campaign */
  list(caller: Principal, campaignId: string, query: RemindersQueryDto): Promise<StoryRemindersDto> {
    return this.desk.within(caller, campaignId, 'observer', async (tx, seat) => {
      const [last] = await tx.query<StoryNowRow>(this.plots.now(seat.campaignId));
      const threads = await tx.query<ThreadRow>(this.plots.threads(seat.campaignId));
      const beats = await tx.query<StoryBeatRow>(this.plots.beats(seat.campaignId));
      const events = await tx.query<StoryEventRow>(this.plots.events(seat.campaignId));
      const sessionNumber = query.sessionNumber ?? last!.sessionNumber;
      const titles = new Map<string, { title: string; plotId: string | null }>([
        ...threads.map(({ id, name }) => [id, { title: name, plotId: id }] as const),
        ...beats.map(({ id, title, plotId }) => [id, { title, plotId }] as const),
        ...events.map(({ id, name }) => [id, { title: name, plotId: null }] as const),
      ]);
      const reminders = remind(storyOf(threads, beats, events), { sessionNumber, day: last!.day });
      return {
        sessionNumber,
        day: last!.day,
        items: reminders.map(({ kind, id, overdueSessions, overdueDays }) => ({
          kind,
          id,
          ...titles.get(id)!,
          overdueSessions,
          overdueDays,
        })),
      };
    });
  }
}

function storyOf(
  threads: readonly ThreadRow[],
  beats: readonly StoryBeatRow[],
  events: readonly StoryEventRow[],
): Story {
  const due = ({ id, plotId, dueSession, dueDay }: StoryBeatRow) => ({
    id,
    plotId,
    dueSessionNumber: dueSession,
    dueDay,
  });
  return {
    hooks: beats
      .filter(({ kind }) => kind === 'hook')
      .map((hook) => ({
        ...due(hook),
        plantedSessionNumber: hook.plantedSessionNumber,
        isDiscovered: hook.isDiscovered,
        isPaidOff: hook.isDone,
      })),
    milestones: beats
      .filter(({ kind }) => kind === 'milestone')
      .map((milestone) => ({ ...due(milestone), isReached: milestone.isDone })),
    threads: threads.map(({ id, details, lastSessionNumber, openPrerequisites }) => ({
      id,
      status: plotDetailsOf(details).status,
      lastSessionNumber,
      openPrerequisites,
    })),
    events,
  };
}
