import type { RequestHandler } from 'express';
import type { Queues } from './queues.service.js';

/**
 * The queue library's own dashboard: what stands in which queue. It only shows: the queue is not where a job's state is kept,
 * so a dead one is driven again by `POST /api/v1/admin/jobs/{id}/redrive`. Loaded at the first call, since most processes
 * never show it.
 * @param basePath where it is mounted
 */
export async function queueBoard(queues: Queues, basePath: string): Promise<RequestHandler> {
  const [{ createBullBoard }, { BullMQAdapter }, { ExpressAdapter }] = await Promise.all([
    import('@bull-board/api'),
    import('@bull-board/api/bullMQAdapter'),
    import('@bull-board/express'),
  ]);
  const server = new ExpressAdapter();
  server.setBasePath(basePath);
  createBullBoard({
    queues: queues.all().map((queue) => new BullMQAdapter(queue as never, { readOnlyMode: true })),
    serverAdapter: server,
    options: { uiConfig: { boardTitle: 'Guildhall' } },
  });
  return server.getRouter() as RequestHandler;
}
