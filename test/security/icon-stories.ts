import sharp from 'sharp';
import { call, get, post } from '../support/api-client.js';
import type { Sent } from './second-factor-and-key-stories.js';

const ITEMS = '/api/v1/market/games/dofus/items';
const OBSERVATIONS = '/api/v1/market/games/dofus/servers/draconiros/observations';
const BOUNDARY = 'boundary-of-the-specs';

const anIcon = (): Promise<Buffer> =>
  sharp({ create: { width: 4, height: 4, channels: 3, background: 'blue' } })
    .png()
    .toBuffer();

/** Calls that succeed on routes of icons, each for an item of its own. */
export function iconStories(base: () => string): Record<string, () => Promise<Sent>> {
  let nextId = 970_000_000;
  const anItem = async (): Promise<{ externalId: number; path: string }> => {
    const externalId = (nextId += 1);
    const point = { externalId, unitPrice: 1, capturedAt: new Date().toISOString() };
    await post(base(), OBSERVATIONS, [point]);
    const { json } = await get(base(), `${ITEMS}?q=%23${externalId}`);
    const [item] = (json as { items: { id: number }[] }).items;
    return { externalId, path: `${ITEMS}/${item!.id}/icon` };
  };
  const icon = async (path: string): Promise<Sent> => ({
    path,
    body: await anIcon(),
    headers: { 'content-type': 'image/png' },
  });

  return {
    'PUT /api/v1/market/games/{game}/items/{itemId}/icon': async () => icon((await anItem()).path),
    'DELETE /api/v1/market/games/{game}/items/{itemId}/icon': async () => {
      const { path } = await anItem();
      await call(base(), 'PUT', path, await icon(path));
      return { path };
    },
    'POST /compat/dofus/api/data': async () => {
      const { externalId } = await anItem();
      const part = (name: string): string =>
        `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${name === 'file' ? '; filename="icon.png"' : ''}\r\n\r\n`;
      const text = `${part('gid')}${externalId}\r\n${part('file')}`;
      return {
        path: '/compat/dofus/api/data?resource=items&type=icon',
        body: Buffer.concat([Buffer.from(text), await anIcon(), Buffer.from(`\r\n--${BOUNDARY}--\r\n`)]),
        headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
      };
    },
  };
}
