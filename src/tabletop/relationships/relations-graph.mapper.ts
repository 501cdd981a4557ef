import type {
  GraphEdgeDto,
  GraphMutualDto,
  GraphNodeDto,
  GraphPathDto,
  NearGraphDto,
} from './relations-graph.dto.js';
import type { GraphEdgeRow, GraphNodeRow } from './relations-graph.repository.js';
import type { FoundPath, MutualConnections, NearGraph } from './relations-graph.service.js';

function toGraphNodeDto({ id, name, characterKind }: GraphNodeRow): GraphNodeDto {
  return { id, name, characterKind };
}

function toGraphEdgeDto({ id, fromId, toId, type, isDirected, strength }: GraphEdgeRow): GraphEdgeDto {
  return { id, fromId, toId, type, isDirected, strength };
}

export function toNearGraphDto({ nodes, edges, isCut }: NearGraph): NearGraphDto {
  return {
    nodes: nodes.map((node) => ({ ...toGraphNodeDto(node), hops: node.hops })),
    edges: edges.map(toGraphEdgeDto),
    isCut,
  };
}

export function toGraphPathDto({ nodes, edges }: FoundPath): GraphPathDto {
  return {
    hops: nodes.length === 0 ? null : nodes.length - 1,
    nodes: nodes.map(toGraphNodeDto),
    edges: edges.map(toGraphEdgeDto),
  };
}

export function toGraphMutualDto({ nodes, edges }: MutualConnections): GraphMutualDto {
  return { nodes: nodes.map(toGraphNodeDto), edges: edges.map(toGraphEdgeDto) };
}
