import { describe, expect, it } from '@jest/globals';
import { CompatError } from '../../platform/http/compat-error.js';
import {
  COMPAT_DOFUS_READER,
  COMPAT_DOFUS_WRITER,
  type Principal,
  READ_PRINCIPAL,
  SYSTEM_PRINCIPAL,
} from '../../platform/auth/principal.js';
import { type CompatRequest, CompatResources, replyOf } from './compat-resources.service.js';

const requestFor = (query: Record<string, unknown>): CompatRequest => ({
  principal: SYSTEM_PRINCIPAL,
  query,
  origin: '',
  body: undefined,
  file: undefined,
  now: new Date(0),
});
const says = (text: string) => () => Promise.resolve(replyOf(text));

function toolbox(): CompatResources {
  const resources = new CompatResources();
  resources.register('data', 'toolbox&mode=almanax', { GET: says('almanax') });
  resources.register('data', 'toolbox&mode=leveling', { POST: says('leveling') });
  resources.register('data', 'items', { GET: says('any'), PUT: says('put') });
  resources.register('data', 'items&mode=stats', { GET: says('stats') });
  return resources;
}

async function refusal(resources: CompatResources, query: object, method: 'GET' | 'POST' = 'GET') {
  const error: unknown = await resources
    .answer('data', method, requestFor({ ...query }))
    .catch((thrown: unknown) => thrown);
  if (!(error instanceof CompatError)) throw error;
  return error.status;
}

it('a method that needs more than its address does is asked for it, strangers for a token', async () => {
  const resources = toolbox();
  resources.register('data', 'recipes', { POST: says('made'), PUT: says('changed') }, { PUT: 'market:own' });
  const ask = (principal: Principal, method: 'POST' | 'PUT') =>
    resources.answer('data', method, { ...requestFor({ resource: 'recipes' }), principal });
  await expect(ask(COMPAT_DOFUS_READER, 'POST')).rejects.toMatchObject({ failure: 'missingToken' });
  await expect(ask(READ_PRINCIPAL, 'PUT')).rejects.toMatchObject({ failure: 'forbidden' });
  expect(await ask(COMPAT_DOFUS_WRITER, 'PUT')).toEqual({ status: 200, body: 'changed' });
});

describe('resources of a shared address', () => {
  it.each([
    [{ resource: 'toolbox', mode: 'almanax' }, 'almanax'],
    [{ resource: 'items' }, 'any'],
    [{ resource: 'items', mode: 'search' }, 'any'],
    [{ resource: 'items', mode: 'stats' }, 'stats'],
  ])('%j is answered by %s', async (query, text) => {
    expect(await toolbox().answer('data', 'GET', requestFor(query))).toEqual({ status: 200, body: text });
  });

  it('keep the other methods of the resource for a mode of its own', async () => {
    const { body } = await toolbox().answer('data', 'PUT', requestFor({ resource: 'items', mode: 'stats' }));
    expect(body).toBe('put');
  });

  it('refuse an unknown resource, an unknown mode and a method of another mode', async () => {
    expect(await refusal(toolbox(), { resource: 'nothing' })).toBe(400);
    expect(await refusal(toolbox(), { resource: '["data","toolbox"]' })).toBe(400);
    expect(await refusal(toolbox(), { resource: 'toolbox' })).toBe(400);
    expect(await refusal(toolbox(), { resource: 'toolbox', mode: 'nothing' })).toBe(400);
    expect(await refusal(toolbox(), { resource: 'toolbox', mode: 'almanax' }, 'POST')).toBe(405);
  });

  it('are answered by one class each', () => {
    const again = { GET: says('again') };
    expect(() => toolbox().register('data', 'toolbox&mode=almanax', again)).toThrow('answered twice');
    expect(() => toolbox().register('data', 'items', again)).toThrow('answered twice');
    expect(() => toolbox().register('user', 'items', again)).not.toThrow();
  });
});
