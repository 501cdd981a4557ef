import { describe, expect, it } from '@jest/globals';
import { parseEnvironment } from '../platform/config/env.js';
import { mergeCatalogs } from '../platform/jobs/job-catalog.js';
import { tabletopJobs } from './tabletop.jobs.js';

const TENDING = 'tabletop.tend-search-index-each-minute';
const EMBEDDING = 'tabletop.embed-objects-each-two-minutes';
const AI = { AI_ENABLED: 'true', VLLM_API_URL: 'http://127.0.0.1:8001' };

describe('the calendar of the tabletop', () => {
  it.each([
    ['nothing', {}, [], [TENDING, EMBEDDING]],
    ['a model without vectors', AI, [], [TENDING, EMBEDDING]],
    ['a model for vectors', { ...AI, AI_EMBEDDING_MODEL: 'meaning' }, [EMBEDDING], [TENDING]],
    ['a search server', { ELASTICSEARCH_URL: 'http://127.0.0.1:9200' }, [TENDING], [EMBEDDING]],
  ])('with %s has what that needs, and drops the rest', (_what, variables, wanted, dropped) => {
    const { schedules, retiredSchedules } = mergeCatalogs([tabletopJobs(parseEnvironment(variables))]);
    expect(schedules.map(({ id }) => id)).toEqual(['tabletop.sweep-campaigns-hourly', ...wanted]);
    expect(retiredSchedules).toEqual(dropped);
  });
});
