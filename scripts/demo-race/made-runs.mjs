// Two runs over one made-up course, as a phone would have recorded them: a hilly loop, runners whose pace follows the hills and the day,
// and a receiver whose errors last (AR(1) over half a minute, with a little noise that is new in each fix). The same seed gives the same runs.

const RAD = Math.PI / 180;
const M_PER_DEG = 6_371_008.8 * RAD;
const START = { latDeg: 48.2108, lonDeg: 16.3925 };
const LOOP_M = 3_000;
const HILL_M = 14;
/** Seconds over which a receiver's error lasts, its size, and what is new in each fix; metres. */
const DRIFT = { lastsS: 30, placeM: 2.5, jitterM: 0.4 };

/** Numbers from 0 to 1. */
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const normal = (random) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** A value that wanders around 0 with a spread of 1. */
function drift(random, lastsS) {
  const keeps = Math.exp(-1 / lastsS);
  let value = normal(random);
  return () => (value = keeps * value + Math.sqrt(1 - keeps * keeps) * normal(random));
}

/** A loop of three kilometres: places by the metres along it, before 0 and behind its end, too. */
export function makeCourse(seed) {
  const random = randomFrom(seed);
  const bends = [2, 3, 5].map((turns) => ({ turns, size: 0.32 / turns, phase: 2 * Math.PI * random() }));
  const radius = (turn) =>
    1 + bends.reduce((sum, { turns, size, phase }) => sum + size * Math.cos(turns * turn + phase), 0);
  const points = Array.from({ length: 6_001 }, (_, index) => {
    const turn = (2 * Math.PI * index) / 6_000;
    return [radius(turn) * Math.cos(turn), radius(turn) * Math.sin(turn)];
  });
  const along = [0];
  for (let index = 1; index < points.length; index += 1)
    along.push(
      along[index - 1] +
        Math.hypot(points[index][0] - points[index - 1][0], points[index][1] - points[index - 1][1]),
    );
  const scale = LOOP_M / along.at(-1);
  const phase = 2 * Math.PI * random();
  const heightAt = (share) =>
    (HILL_M / 2) * (Math.sin(2 * Math.PI * share + phase) + 0.5 * Math.sin(6 * Math.PI * share + 2 * phase));
  return {
    lengthM: LOOP_M,
    /** @returns metres east, north and up */
    placeAt(alongM) {
      const onLoop = (((alongM % LOOP_M) + LOOP_M) % LOOP_M) / scale;
      let [low, high] = [0, along.length - 1];
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (along[middle] <= onLoop) low = middle;
        else high = middle;
      }
      const share = (onLoop - along[low]) / (along[high] - along[low]);
      const [from, to] = [points[low], points[high]];
      return {
        xM: scale * (from[0] + share * (to[0] - from[0])),
        yM: scale * (from[1] + share * (to[1] - from[1])),
        zM: 170 + heightAt((onLoop * scale) / LOOP_M),
      };
    },
  };
}

/**
 * A run over the course, a fix per second.
 * @param fromM where it begins, and `toM` ends, metres from the start line
 * @param paceSPerKm on the flat @param effortAt how hard it is run, 1 = as always, by the share of the course that is done
 * @returns fixes as `/ws/running` takes them, times in milliseconds since the run's start
 */
export function makeRun(course, { seed, fromM, toM, paceSPerKm, effortAt }) {
  const random = randomFrom(seed);
  const [east, north, mood] = [drift(random, DRIFT.lastsS), drift(random, DRIFT.lastsS), drift(random, 60)];
  const fixes = [];
  let [alongM, heartRateBpm] = [fromM, 118];
  for (let second = 0; alongM <= toM; second += 1) {
    const place = course.placeAt(alongM);
    const grade = (course.placeAt(alongM + 15).zM - course.placeAt(alongM - 15).zM) / 30;
    const effort = effortAt(Math.max(0, alongM) / course.lengthM) * (1 + 0.015 * mood());
    const speedMps = ((1_000 / paceSPerKm) * effort) / (1 + 3 * Math.max(-0.06, grade));
    heartRateBpm += (118 + 40 * effort + 250 * Math.max(0, grade) - heartRateBpm) / 40;
    const xM = place.xM + DRIFT.placeM * east() + DRIFT.jitterM * normal(random);
    const yM = place.yM + DRIFT.placeM * north() + DRIFT.jitterM * normal(random);
    fixes.push([
      second + 1,
      second * 1_000,
      Number((START.latDeg + yM / M_PER_DEG).toFixed(7)),
      Number((START.lonDeg + xM / (M_PER_DEG * Math.cos(START.latDeg * RAD))).toFixed(7)),
      4,
      Number(place.zM.toFixed(1)),
      Number(speedMps.toFixed(1)),
      null,
      Math.round(heartRateBpm),
      Math.round(166 + 6 * effort),
    ]);
    alongM += speedMps;
  }
  return fixes;
}
