// Foundry actors read into sheets and written back, against parsing and writing the same bytes as plain JSON
import { writeFoundryActor } from '../src/tabletop/exports/foundry-actor.writer.js';
import { readFoundryFile } from '../src/tabletop/imports/foundry-actor.reader.js';
import { FOUNDRY_SAMPLES } from '../test/factories/foundry-samples.js';
import { type Benchmark, type Figures, runBenchmark } from './support/run-benchmark.js';
import { interleave, median, printVariant, ratios, spread } from './support/statistics.js';

// Every sample actor (a hero with spells, features, containers, effects and flags of modules; a creature; a hero as old versions wrote them) is read with
// its report, and written back over its original. Whole = the same bytes come out.

const REPEATS = { quick: 40, full: 200 };

function measure(benchmark: Benchmark): Promise<Figures> {
  const files = FOUNDRY_SAMPLES.map(([, sample]) => Buffer.from(JSON.stringify(sample())));
  const repeats = benchmark.isQuick ? REPEATS.quick : REPEATS.full;
  const whole = files.filter((bytes) => bytes.equals(throughUs(bytes))).length;
  const run = (once: (bytes: Buffer) => Buffer): number => {
    const startedMs = performance.now();
    for (let at = 0; at < repeats; at += 1) for (const bytes of files) once(bytes);
    return (repeats * files.length) / ((performance.now() - startedMs) / 1_000);
  };
  return interleave(benchmark.rounds, {
    ours: () => Promise.resolve(run(throughUs)),
    json: () => Promise.resolve(run((bytes) => Buffer.from(JSON.stringify(JSON.parse(bytes.toString()))))),
  }).then(({ ours, json }) => {
    printVariant('read and written', 'actors/s', ours);
    printVariant('parsed and written', 'actors/s', json);
    const toJson = ratios(ours, json);
    return {
      round_trip_pct: (100 * whole) / files.length,
      actors_per_s: median(ours),
      json_per_s: median(json),
      ratio_to_json: median(toJson),
      spread: spread(toJson),
    };
  });
}

function throughUs(bytes: Buffer): Buffer {
  const { actor, character } = readFoundryFile(bytes);
  return Buffer.from(JSON.stringify(writeFoundryActor(character, actor)));
}

await runBenchmark('import-foundry', measure);
