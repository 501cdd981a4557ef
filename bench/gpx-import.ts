// a GPX file of a million points imported, from the store to the committed run, against the bare XML parser over the same bytes
import { join } from 'node:path';
import type { RunImported, RunImporterRequest } from './processes/run-importer.js';
import type { XmlParsed } from './processes/xml-parser.js';
import { openOwnDatabase } from './support/agent-database.js';
import { type GpxFile, writeGpxFile } from './support/gpx-file.js';
import { type Benchmark, type Figures, runBenchmark } from './support/run-benchmark.js';
import { interleave, median, printVariant, ratios, spread } from './support/statistics.js';
import { startWorker } from './support/worker.js';

// In one embedded PostgreSQL at the settings that the program gives it:
// - import: what the job does with a file of the store: reading with digest, limits and columns, settling times, cleaning with its corrections,
//   summing up, packing the track, and the transaction with run, track, report and follow-up jobs. Each file for a runner of its own.
// - parser: saxes over the same file, without handlers, namespaces and positions, in another process.
// Each import has a process of its own, so that its growth is that of a worker that meets such a file; a small one comes first, which loads the code. Every point
// but those of the spikes must be in the stored track. How long its event loop was held at most is measured in the import and in the analysis of the run behind it.

const POINTS = { quick: 200_000, full: 1_000_000 };
const WARM_UP_POINTS = 2_000;

async function measure(benchmark: Benchmark): Promise<Figures> {
  const points = benchmark.isQuick ? POINTS.quick : POINTS.full;
  const [file, small] = await Promise.all([
    writeGpxFile(join(benchmark.folder, 'long.gpx'), points, benchmark.seed),
    writeGpxFile(join(benchmark.folder, 'short.gpx'), WARM_UP_POINTS, benchmark.seed),
  ]);
  console.log(`  ${points} points, ${(file.sizeBytes / 1e6).toFixed(0)} MB`);
  const { url } = await openOwnDatabase(benchmark);
  const parser = startWorker(benchmark, 'xml-parser');
  await parser.ask<XmlParsed>({ path: small.path });
  const measured = await interleave(benchmark.rounds, {
    import: () => importInOwnProcess(benchmark, url, file, small),
    parser: async () => ({
      ...(await parser.ask<XmlParsed>({ path: file.path })),
      rssGrowthMb: 0,
      loopMaxMs: 0,
    }),
  });
  const rate = (name: keyof typeof measured): number[] =>
    measured[name].map(({ seconds }) => points / seconds);
  const growth = measured.import.map(({ rssGrowthMb }) => rssGrowthMb);
  printVariant('import', 'points/s', rate('import'));
  printVariant('parser', 'points/s', rate('parser'));
  printVariant('growth of the importing process', 'MB', growth);
  const loopMaxMs = measured.import.map((one) => one.loopMaxMs);
  printVariant('longest turn of its event loop', 'ms', loopMaxMs);
  const toParser = ratios(rate('import'), rate('parser'));
  return {
    points_per_s: median(rate('import')),
    parser_points_per_s: median(rate('parser')),
    ratio_to_parser: median(toParser),
    spread: spread(toParser),
    rss_growth_mb: Math.max(...growth),
    loop_max_ms: Math.max(...loopMaxMs),
  };
}

async function importInOwnProcess(
  benchmark: Benchmark,
  databaseUrl: string,
  file: GpxFile,
  small: GpxFile,
): Promise<RunImported> {
  const importer = startWorker(benchmark, 'run-importer');
  const ask = <Result>(request: RunImporterRequest): Promise<Result> => importer.ask<Result>(request);
  await ask({ kind: 'open', databaseUrl, folder: join(benchmark.folder, 'files') });
  await ask({ kind: 'import', path: small.path });
  const imported = await ask<RunImported>({ kind: 'import', path: file.path });
  if (imported.points !== file.points)
    throw new Error(`${imported.points} of ${file.points} points were stored`);
  process.kill(importer.pid, 'SIGKILL');
  return imported;
}

await runBenchmark('gpx-import', measure);
