import { get } from './api-client.js';

/** A JSON schema as it occurs in our OpenAPI document. */
export interface Schema {
  $ref?: string;
  type?: string;
  enum?: unknown[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  allOf?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  nullable?: boolean;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number | boolean;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  format?: string;
  pattern?: string;
  default?: unknown;
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  schema: Schema;
}

export interface Operation {
  /** `GET /api/v1/...`, parameters as `{name}`. */
  id: string;
  method: string;
  path: string;
  parameters: Parameter[];
  bodySchema: Schema | undefined;
  /** Its first media type; undefined without a body. */
  bodyType: string | undefined;
  /** Schema of each documented status; `default` is the problem. */
  responses: Record<string, Schema | undefined>;
}

export interface OpenApi {
  operations: Operation[];
  schemas: Record<string, Schema>;
}

interface RawOperation {
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
}

/** The document that a running server publishes, flattened to its operations. */
export async function readOpenApi(base: string): Promise<OpenApi> {
  const { json } = await get(base, '/openapi.json', { token: null });
  const schemas = json.components.schemas as Record<string, Schema>;
  const operations = Object.entries(json.paths as Record<string, Record<string, RawOperation>>).flatMap(
    ([path, verbs]) =>
      Object.entries(verbs).map(([verb, raw]): Operation => {
        const method = verb.toUpperCase();
        const [bodyType, body] = Object.entries(raw.requestBody?.content ?? {})[0] ?? [];
        return {
          id: `${method} ${path}`,
          method,
          path,
          parameters: raw.parameters ?? [],
          bodySchema: resolved(body?.schema, schemas),
          bodyType,
          responses: Object.fromEntries(
            Object.entries(raw.responses).map(([status, { content }]) => [
              status,
              content && Object.values(content)[0]?.schema,
            ]),
          ),
        };
      }),
  );
  return { operations, schemas };
}

/** A schema with the classes in it written out. */
function resolved(schema: Schema | undefined, schemas: Record<string, Schema>): Schema | undefined {
  if (schema === undefined) return undefined;
  if (schema.$ref !== undefined)
    return resolved(schemas[schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1)], schemas);
  const all = (list: Schema[]): Schema[] => list.map((part) => resolved(part, schemas)!);
  return {
    ...schema,
    ...(schema.items && { items: resolved(schema.items, schemas)! }),
    ...(schema.oneOf && { oneOf: all(schema.oneOf) }),
    ...(schema.anyOf && { anyOf: all(schema.anyOf) }),
    ...(schema.allOf && { allOf: all(schema.allOf) }),
    ...(schema.properties && {
      properties: Object.fromEntries(
        Object.entries(schema.properties).map(([key, own]) => [key, resolved(own, schemas)!]),
      ),
    }),
  };
}

/** A path with real objects in it where a test knows some, so that a refusal is not just a missing page. */
export function samplePath(operation: Operation): string {
  const known: Record<string, string> = { game: 'dofus', server: 'draconiros' };
  return operation.path.replace(/\{(\w+)\}/g, (_all, name: string) => known[name] ?? '1');
}
