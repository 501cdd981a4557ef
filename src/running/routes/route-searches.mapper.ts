import type { ComparedRoute, Comparison } from './route-comparisons.service.js';
import type { RouteLoop } from './route-loops.service.js';
import type {
  ComparedRouteDto,
  PredictedTimeDto,
  RouteComparisonDto,
  RouteLoopDto,
  SuggestedRouteDto,
} from './route-searches.dto.js';
import { polylineOf } from './routes.mapper.js';
import type { NamedSuggestion } from './suggested-routes.service.js';
import type { PredictedTime } from './time-model.js';

export function toSuggestedRouteDto(found: NamedSuggestion): SuggestedRouteDto {
  const { start, legs, names, distanceM, climbM, earlyClimb, time, runCount, miss } = found;
  return {
    start: { latDeg: start.latDeg, lonDeg: start.lonDeg },
    legs: legs.map((leg, index) => ({
      routeId: leg.routeId,
      name: names[index] ?? null,
      loopIndex: leg.loopIndex,
      isBackward: leg.isBackward,
      distanceM: leg.distanceM,
      polyline: polylineOf(leg.shape),
    })),
    distanceM,
    climbM,
    earlyClimb,
    predicted: toPredictedTimeDto(time),
    runCount,
    miss,
  };
}

export function toRouteLoopDto({ index, loop, shape, forward, backward }: RouteLoop): RouteLoopDto {
  return {
    index,
    distanceM: loop.distanceM,
    climbM: loop.climbM,
    descentM: loop.descentM,
    polyline: polylineOf(shape),
    forward: toPredictedTimeDto(forward),
    backward: toPredictedTimeDto(backward),
  };
}

export function toRouteComparisonDto({ distanceM, mainRouteId, items }: Comparison): RouteComparisonDto {
  return { distanceM, mainRouteId, items: items.map(toComparedRouteDto) };
}

function toComparedRouteDto({ route, similarity, timeS }: ComparedRoute): ComparedRouteDto {
  return {
    routeId: route.id,
    name: route.name,
    distanceM: route.distanceM,
    relation: similarity.relation,
    direction: similarity.direction,
    coverage: similarity.coverage,
    routeCoverage: similarity.otherCoverage,
    order: similarity.order,
    rotationM: similarity.rotationM,
    meanOffM: similarity.meanOffM,
    timeS,
  };
}

function toPredictedTimeDto({ timeS, fastestS, slowestS, basis }: PredictedTime): PredictedTimeDto {
  return { timeS, fastestS, slowestS, basis };
}
