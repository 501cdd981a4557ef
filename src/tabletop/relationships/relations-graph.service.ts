import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { CampaignAccess } from '../campaigns/campaign-access.service.js';
import { CampaignObjects } from '../objects/campaign-objects.service.js';
import { unknownObject } from '../tabletop.errors.js';
import { neighboursOf, shortestPath } from './graph.js';
import {
  type GraphEdgeRow,
  type GraphNodeRow,
  type GraphView,
  RelationsGraphRepository,
} from './relations-graph.repository.js';
import { searchBothEnds } from './two-ended-search.js';

/** Levels of both searches together after which the whole graph is taken in at once: a chain has few neighbours and no end. */
const MOST_LEVELS = 12;
/** Of one answer. */
export const MOST_EDGES = 20_000;
const MOST_MUTUAL = 1_000;

export interface NearNode extends GraphNodeRow {
  readonly hops: number;
}

export interface NearGraph {
  /** Nearest first, of the same distance by id; the one asked about among them. */
  readonly nodes: readonly NearNode[];
  readonly edges: readonly GraphEdgeRow[];
  /** There are more within as many hops, or more relations among them. */
  readonly isCut: boolean;
}

export interface FoundPath {
  /** In the way's order; empty where there is none. */
  readonly nodes: readonly GraphNodeRow[];
  readonly edges: readonly GraphEdgeRow[];
}

export interface MutualConnections {
  readonly nodes: readonly GraphNodeRow[];
  /** Between them and the two. */
  readonly edges: readonly GraphEdgeRow[];
}

/** Who knows whom, as the caller sees it: no answer leads over, counts or names anybody or any relation that they do not see. */
@Injectable()
export class RelationsGraph {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly graph: RelationsGraphRepository,
    private readonly access: CampaignAccess,
    private readonly objects: CampaignObjects,
  ) {}

  /** @param limit at most so many nodes @throws DomainError unknown object */
  near(caller: Principal, id: string, hops: number, limit: number, at: Date | null): Promise<NearGraph> {
    return this.uow.run(caller, async (tx) => {
      const { object } = await this.objects.find(tx, caller, 'character', id);
      const view = { campaignId: object.campaignId, at };
      const { found, isCut } = await this.walk(tx, view, object.id, hops, limit);
      const ids = [...found.keys()];
      const nodes = await this.graph.listNodes(tx, view.campaignId, ids);
      const edges = await this.graph.listEdges(tx, view, ids, MOST_EDGES + 1);
      const near = nodes.map((node) => ({ ...node, hops: found.get(node.id)! }));
      near.sort((one, other) => one.hops - other.hops);
      return { nodes: near, edges: edges.slice(0, MOST_EDGES), isCut: isCut || edges.length > MOST_EDGES };
    });
  }

  /** A shortest way, always the same one. @throws DomainError unknown campaign; unknown object, for either end */
  path(caller: Principal, campaignId: string, from: string, to: string, at: Date | null): Promise<FoundPath> {
    return this.uow.run(caller, async (tx) => {
      const [start, end] = await this.endsOf(tx, caller, campaignId, from, to);
      const view = { campaignId: campaignId.toLowerCase(), at };
      const expand = (level: readonly string[]) => this.graph.listSteps(tx, view, level);
      const met = await searchBothEnds(start, end, expand, MOST_LEVELS);
      const found = met === 'too-far' ? await this.longPath(tx, view, start, end) : met;
      if (found === 'apart') return { nodes: [], edges: [] };
      return this.along(tx, view, found.path);
    });
  }

  /** @throws DomainError unknown campaign; unknown object, for either of them */
  mutual(
    caller: Principal,
    campaignId: string,
    a: string,
    b: string,
    at: Date | null,
  ): Promise<MutualConnections> {
    return this.uow.run(caller, async (tx) => {
      const [one, other] = await this.endsOf(tx, caller, campaignId, a, b);
      const view = { campaignId: campaignId.toLowerCase(), at };
      const ids = one === other ? [] : await this.graph.listMutual(tx, view, one, other, MOST_MUTUAL);
      if (ids.length === 0) return { nodes: [], edges: [] };
      const nodes = await this.graph.listNodes(tx, view.campaignId, ids);
      const edges = await this.graph.listEdges(tx, view, [...ids, one, other], MOST_EDGES);
      const isBetween = (edge: GraphEdgeRow): boolean =>
        [edge.fromId, edge.toId].filter((id) => id === one || id === other).length === 1;
      return { nodes, edges: edges.filter(isBetween) };
    });
  }

  private async walk(
    tx: Tx,
    view: GraphView,
    start: string,
    hops: number,
    limit: number,
  ): Promise<{ found: Map<string, number>; isCut: boolean }> {
    const found = new Map([[start, 0]]);
    let level = [start];
    for (let depth = 1; depth <= hops && level.length > 0; depth += 1) {
      const neighbours = await this.graph.listNeighbours(tx, view, level);
      level = neighbours.filter((id) => !found.has(id)).sort();
      for (const id of level) {
        if (found.size === limit) return { found, isCut: true };
        found.set(id, depth);
      }
    }
    return { found, isCut: false };
  }

  /** Of a chain, whose ends have few neighbours each: all of the graph is less than its levels one by one. */
  private async longPath(
    tx: Tx,
    view: GraphView,
    start: string,
    end: string,
  ): Promise<{ path: string[] } | 'apart'> {
    const path = shortestPath(neighboursOf(await this.graph.listPairs(tx, view)), start, end);
    return path === null ? 'apart' : { path };
  }

  private async endsOf(
    tx: Tx,
    caller: Principal,
    campaignId: string,
    one: string,
    other: string,
  ): Promise<[string, string]> {
    await this.access.require(tx, caller, campaignId);
    const ends: string[] = [];
    for (const id of [one, other]) {
      const { object } = await this.objects.find(tx, caller, 'character', id);
      if (object.campaignId !== campaignId.toLowerCase()) throw unknownObject();
      ends.push(object.id);
    }
    return [ends[0]!, ends[1]!];
  }

  /** Of equally long edges between two neighbours all. Whoever has been hidden since the walk began breaks it off. */
  private async along(tx: Tx, view: GraphView, path: readonly string[]): Promise<FoundPath> {
    const places = new Map(path.map((id, index) => [id, index]));
    const nodes = await this.graph.listNodes(tx, view.campaignId, path);
    if (nodes.length < path.length) return { nodes: [], edges: [] };
    const edges = await this.graph.listEdges(tx, view, path, MOST_EDGES);
    const place = (id: string): number => places.get(id)!;
    return {
      nodes: [...nodes].sort((one, other) => place(one.id) - place(other.id)),
      edges: edges
        .filter(({ fromId, toId }) => Math.abs(place(fromId) - place(toId)) === 1)
        .sort((one, other) => stepOf(one, place) - stepOf(other, place)),
    };
  }
}

function stepOf({ fromId, toId }: GraphEdgeRow, place: (id: string) => number): number {
  return Math.min(place(fromId), place(toId));
}
