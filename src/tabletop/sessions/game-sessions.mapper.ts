import type { FoundObject } from '../objects/campaign-objects.service.js';
import { toCampaignObjectDto } from '../objects/objects.mapper.js';
import { calendarOf, dayText } from '../timeline/campaign-calendar.js';
import type { GameSessionDto } from './game-sessions.dto.js';
import { sessionDetailsOf } from './session-details.js';

export function toGameSessionDto({ object, seat }: FoundObject): GameSessionDto {
  const { number, heldOn, day, endDay, scenes } = sessionDetailsOf(object.details);
  return {
    ...toCampaignObjectDto(object, seat),
    details: {
      number,
      heldOn,
      day,
      endDay,
      dayText: dayText(calendarOf(seat.campaign.calendar), day),
      scenes: scenes.map(({ title, text }) => ({ title, text })),
    },
  };
}
