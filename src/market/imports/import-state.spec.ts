import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { JOB_STATES } from '../../platform/jobs/job.entity.js';
import { importState } from './import-state.js';

const at = new Date(0);

describe('the state of an import', () => {
  it('is finished once it is, whatever became of its job', () => {
    fc.assert(
      fc.property(fc.option(fc.constantFrom(...JOB_STATES), { nil: undefined }), (jobState) => {
        expect(importState({ jobId: 'job', finishedAt: at }, jobState)).toBe('finished');
      }),
    );
  });

  it.each([
    [null, undefined, 'uploading'],
    ['job', 'waiting', 'running'],
    ['job', 'open', 'running'],
    ['job', 'relayed', 'running'],
    // Between two reads: the import was read before the job's end was committed.
    ['job', 'done', 'running'],
    ['job', 'dead', 'stopped'],
    ['job', 'cancelled', 'stopped'],
    ['job', undefined, 'stopped'],
  ])('with job %s in state %s is %s', (jobId, jobState, state) => {
    expect(importState({ jobId, finishedAt: null }, jobState)).toBe(state);
  });
});
