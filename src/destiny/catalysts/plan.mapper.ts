import type { PlanDto, PlanGroupDto, PlanObjectiveDto, PlanStepDto } from './plan.dto.js';
import type { Plan, PlanGroup, PlanObjective, PlanStep } from './plan-next.js';

export function toPlanDto(
  { groups, minutes, leftOutCount }: Plan,
  { asOf, isStale }: { asOf: Date | null; isStale: boolean },
): PlanDto {
  return {
    asOf: asOf?.toISOString() ?? null,
    isStale,
    minutes,
    groups: groups.map(toGroupDto),
    leftOutCount,
  };
}

function toGroupDto({ activity, minutes, steps }: PlanGroup): PlanGroupDto {
  return { activity, minutes, steps: steps.map(toStepDto) };
}

function toStepDto(step: PlanStep): PlanStepDto {
  const { recordHash, weaponName, fromMinute, toMinute, neededMinutes, isFinished, rateSource } = step;
  return {
    recordHash,
    weaponName,
    fromMinute,
    toMinute,
    neededMinutes,
    isFinished,
    rateSource,
    objectives: step.objectives.map(toObjectiveDto),
  };
}

function toObjectiveDto(objective: PlanObjective): PlanObjectiveDto {
  const { objectiveHash, text, remaining, perHour, rateSource } = objective;
  return { objectiveHash, text, remaining, perHour: Number(perHour.toPrecision(4)), rateSource };
}
