import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import type { FrameData } from '../../platform/realtime/frames.js';
import type { GatewayOptions, Reply } from '../../platform/realtime/gateways.service.js';
import type { LiveSocket } from '../../platform/realtime/live-socket.js';
import { LivePrices } from './live-prices.service.js';
import { MARKET_FRAMES, type UNWATCH, type WATCH } from './market.frames.js';

/** Live prices; what the stream of Server-Sent Events tells, for clients that have a socket anyway or watch several servers. */
@WebSocketGateway<GatewayOptions>({ path: MARKET_FRAMES.path, frames: MARKET_FRAMES })
export class MarketGateway {
  constructor(private readonly prices: LivePrices) {}

  @SubscribeMessage('watch')
  async watch(socket: LiveSocket, watch: FrameData<typeof WATCH>): Promise<Reply> {
    return { event: 'watching', data: await this.prices.watch(socket, watch) };
  }

  @SubscribeMessage('unwatch')
  unwatch(socket: LiveSocket, { game, server }: FrameData<typeof UNWATCH>): Promise<void> {
    return this.prices.unwatch(socket, game, server);
  }

  handleDisconnect(socket: LiveSocket): void {
    this.prices.leave(socket);
  }
}
