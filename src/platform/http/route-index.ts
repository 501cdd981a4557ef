import express, {
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
  type Router,
} from 'express';

// Express tries every registered route in turn, so the four-hundredth route pays for the 399 before it. This index keeps
// the cost flat without a matcher of its own: a trie over path segments only narrows the routes that can possibly match,
// and those then run through a real express.Router in the order in which they were declared. What a pattern means, which
// of two patterns wins, how parameters are decoded and what OPTIONS answers therefore stay Express' business.
// Invariant: the candidates of a path are a superset of the routes that match it. Whatever the trie does not understand
// (wildcards, groups, mixed segments, escapes, letters beyond ASCII) counts as a candidate for the whole subtree.

/** The HTTP methods through which Nest registers routes, as Express names them. */
export const ROUTE_VERBS = [
  'all',
  'copy',
  'delete',
  'get',
  'head',
  'lock',
  'mkcol',
  'move',
  'options',
  'patch',
  'post',
  'propfind',
  'proppatch',
  'put',
  'query',
  'search',
  'unlock',
] as const;
export type RouteVerb = (typeof ROUTE_VERBS)[number];

interface TrieNode {
  readonly literals: Map<string, TrieNode>;
  param: TrieNode | undefined;
  /** Routes that end here. */
  readonly exact: number[];
  /** Routes that may match anything from here on. */
  readonly open: number[];
}

const LITERAL = /^[^:*{}()[\]+?!\\\u0080-\uffff]+$/;
const PARAM = /^:[A-Za-z_$][\w$]*$/;
const SLASH = 47;

/** Above the number of candidate sets of any real table; a table made to have more only loses the memory of them. */
const MEMO_LIMIT = 4_096;

export class RouteIndex {
  private readonly root = newNode();
  /** Every route in declaration order. The narrowed routers borrow its compiled layers. */
  private readonly all: Router;
  private readonly narrowed = new Map<string, Router>();

  /**
   * @param matching how the application matches, as `ExpressAdapter.getRouteMatchingOptions()` says
   * @param memoLimit candidate sets that are remembered at most
   */
  constructor(
    private readonly matching: { caseSensitive: boolean; ignoreTrailingSlash: boolean },
    private readonly memoLimit = MEMO_LIMIT,
  ) {
    this.all = this.newRouter();
  }

  /** Candidate sets in memory. */
  get memoSize(): number {
    return this.narrowed.size;
  }

  /** Registers a route behind those already there; throws like Express on a malformed pattern. */
  add(verb: RouteVerb, path: unknown, handlers: readonly unknown[]): void {
    const position = this.all.stack.length;
    const router = this.all as unknown as Record<RouteVerb, (path: unknown, ...handlers: unknown[]) => void>;
    router[verb](path, ...handlers);
    this.placeOf(path).push(position);
  }

  /** Positions of the routes that may match, ascending: all that do, and few others. */
  candidates(path: string): number[] {
    const found = [...this.root.open];
    let nodes = [this.root];
    for (const segment of this.segments(path)) {
      const next: TrieNode[] = [];
      for (const node of nodes) {
        const literal = node.literals.get(segment);
        if (literal) next.push(literal);
        if (node.param) next.push(node.param);
      }
      nodes = next;
      if (nodes.length === 0) break;
      for (const node of nodes) found.push(...node.open);
    }
    for (const node of nodes) found.push(...node.exact);
    return found.sort((a, b) => a - b);
  }

  /** The middleware that answers with the routes of this index, or passes on. */
  readonly handle: RequestHandler = (request: Request, response: Response, next: NextFunction): void => {
    const candidates = this.candidates(request.path);
    if (candidates.length === 0) {
      next();
      return;
    }
    void this.routerFor(candidates)(request, response, next);
  };

  private routerFor(candidates: readonly number[]): Router {
    const key = candidates.join();
    const known = this.narrowed.get(key);
    if (known) return known;
    const router = this.newRouter();
    router.stack = candidates.flatMap((position) => this.all.stack[position] ?? []);
    if (this.narrowed.size >= this.memoLimit) this.narrowed.clear();
    this.narrowed.set(key, router);
    return router;
  }

  /** The list to which a route with this path belongs. Arrays and regular expressions are open from the root. */
  private placeOf(path: unknown): number[] {
    if (typeof path !== 'string' || !path.startsWith('/')) return this.root.open;
    let node = this.root;
    for (const segment of this.segments(path)) {
      if (PARAM.test(segment)) node = node.param ??= newNode();
      else if (LITERAL.test(segment)) node = childOf(node, segment);
      else return node.open;
    }
    return node.exact;
  }

  /** Without trailing slashes, also in strict mode: that only adds candidates. A loop, since a regex is quadratic here. */
  private segments(path: string): string[] {
    let end = path.length;
    while (end > 1 && path.charCodeAt(end - 1) === SLASH) end -= 1;
    const trimmed = path.slice(1, end);
    if (trimmed === '') return [];
    return (this.matching.caseSensitive ? trimmed : trimmed.toLowerCase()).split('/');
  }

  private newRouter(): Router {
    const { caseSensitive, ignoreTrailingSlash } = this.matching;
    return express.Router({ caseSensitive, strict: !ignoreTrailingSlash });
  }
}

function newNode(): TrieNode {
  return { literals: new Map(), param: undefined, exact: [], open: [] };
}

function childOf(node: TrieNode, segment: string): TrieNode {
  const known = node.literals.get(segment);
  if (known) return known;
  const child = newNode();
  node.literals.set(segment, child);
  return child;
}
