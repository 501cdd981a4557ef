import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { ChartRenderer } from '../../platform/charts/chart-renderer.service.js';
import { type Picture, pictureOf } from '../../platform/http/svg-answer.js';
import { graphOption } from './graph-picture.js';
import { readMoment } from './moment.reader.js';
import type { GraphPictureQueryDto } from './relations-graph.dto.js';
import { RelationsGraph } from './relations-graph.service.js';

/** More are no picture. */
const MOST_PICTURED = 80;

/** Relations as pictures, of whom the caller sees. */
@Injectable()
export class RelationPictures {
  constructor(
    private readonly graph: RelationsGraph,
    private readonly renderer: ChartRenderer,
  ) {}

  /** The nearest 80. @throws DomainError unknown object */
  async around(caller: Principal, id: string, query: GraphPictureQueryDto): Promise<Picture> {
    const { depth, at } = query;
    const moment = readMoment(at);
    const { nodes, edges, isCut } = await this.graph.near(caller, id, depth, MOST_PICTURED, moment);
    const words = [
      `${nodes.length - 1} within ${depth} ${depth === 1 ? 'step' : 'steps'}`,
      ...(isCut ? ['the nearest'] : []),
      ...(moment === null ? [] : [`as of ${moment.toISOString().slice(0, 10)}`]),
    ];
    const picture = {
      title: nodes[0]!.name,
      subtitle: words.join('  ·  '),
      width: query.width,
      height: query.height,
      theme: query.theme,
    };
    return pictureOf(await this.renderer.draw(graphOption(picture, nodes, edges), query));
  }
}
