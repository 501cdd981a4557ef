import type { GradeModel } from '../analysis/grade-cost.js';
import type { PacingPlanDto } from './pacing-plans.dto.js';
import type { PlannedCourse } from './pacing-plans.service.js';

export function toPacingPlanDto({ plan, isHillAware }: PlannedCourse, gradeModel: GradeModel): PacingPlanDto {
  return {
    distanceM: plan.distanceM,
    targetTimeS: plan.targetTimeS,
    basePaceSPerKm: plan.basePaceSPerKm,
    gradeModel,
    isHillAware,
    splits: plan.splits.map((split) => ({
      number: split.number,
      distanceM: split.distanceM,
      timeS: split.timeS,
      elapsedTimeS: split.elapsedTimeS,
      paceSPerKm: split.paceSPerKm,
      climbM: split.climbM,
      descentM: split.descentM,
    })),
  };
}
