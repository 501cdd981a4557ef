import type { SyncSource, SyncStream } from './sync-source.js';

const LONGEST_MS = 366 * 86_400_000;

/** What cannot be meant in the declarations of sources, in words; empty when all is well. */
export function faultsOfSources(sources: readonly SyncSource[]): string[] {
  return [
    ...repeated(sources.map(({ id }) => id)).map((id) => `${id} is declared twice`),
    ...sources.flatMap((source) => faultsOfSource(source).map((fault) => `${source.id}: ${fault}`)),
  ];
}

function faultsOfSource(source: SyncSource): string[] {
  const { id, domain, streams, intervalMs, reconcileEveryMs, verifyEveryMs, pagePauseMs, since } = source;
  const names = streams.map(({ name }) => name);
  const isProving = streams.some(({ stored }) => stored !== null);
  const isVerifying = streams.some(({ stored, countUpstream }) => stored !== null && countUpstream !== null);
  return faults([
    [/^[a-z][a-z0-9-]*:[\w.-]{1,100}$/.test(id), 'its id is not of the form <provider>:<account>'],
    [/^[a-z][a-z-]*$/.test(domain), 'its domain is not a name'],
    [streams.length > 0, 'it has no stream'],
    [repeated(names).length === 0, `streams share a name: ${repeated(names).join()}`],
    [isWithin(intervalMs, 1, LONGEST_MS), 'its interval is not a time'],
    [
      reconcileEveryMs === null || isWithin(reconcileEveryMs, 1, LONGEST_MS),
      'its reconcile interval is not a time',
    ],
    [verifyEveryMs === null || isWithin(verifyEveryMs, 1, LONGEST_MS), 'its verify interval is not a time'],
    [reconcileEveryMs === null || isProving, 'it reconciles, but no stream tells what is stored'],
    [verifyEveryMs === null || isVerifying, 'it verifies, but no stream can be counted'],
    [isWithin(pagePauseMs, 0, 60_000), 'its rest between pages is not 0 to 60 s'],
    [!Number.isNaN(since.getTime()), 'its beginning is no instant'],
  ]).concat(
    streams.flatMap((stream) => faultsOfStream(stream).map((fault) => `stream ${stream.name} ${fault}`)),
  );
}

function faultsOfStream({ name, pageLimit, overlapMs, lagMs, aheadMs, reachMs }: SyncStream): string[] {
  return faults([
    [/^[a-z][a-z0-9-]{0,40}$/.test(name), 'has a name that cannot be used'],
    [
      isWithin(pageLimit.least, 1, pageLimit.most) && isWithin(pageLimit.most, 1, 100_000),
      'has page limits that cannot be meant',
    ],
    [isWithin(overlapMs, 0, LONGEST_MS), 'has an overlap that is not a time'],
    [isWithin(lagMs, 0, LONGEST_MS), 'has a lag that is not a time'],
    [isWithin(aheadMs, 0, LONGEST_MS), 'looks ahead for what is not a time'],
    [isWithin(reachMs, 0, LONGEST_MS), 'reaches back for what is not a time'],
  ]);
}

function faults(checks: readonly (readonly [isRight: boolean, fault: string])[]): string[] {
  return checks.flatMap(([isRight, fault]) => (isRight ? [] : [fault]));
}

function repeated(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}

function isWithin(value: number, low: number, high: number): boolean {
  return Number.isInteger(value) && value >= low && value <= high;
}
