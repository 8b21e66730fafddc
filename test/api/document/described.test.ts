import { openApiOf } from '../../../src/api/document/openapi';
import { endpoints } from '../../../src/api/endpoints';

interface Schema {
  $ref?: string;
  const?: unknown;
  enum?: unknown[];
  description?: string;
  items?: Schema;
  properties?: Record<string, Schema>;
  anyOf?: Schema[];
  oneOf?: Schema[];
}
interface Operation {
  parameters?: { name: string; description?: string; schema: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
}
interface Document {
  components: { schemas: Record<string, Schema> };
  paths: Record<string, Record<string, Operation>>;
}

const document = openApiOf(endpoints, '0') as unknown as Document;
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => [`${method} ${path}`, operation] as const),
);

function undescribed(schema: Schema, at: string): string[] {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split('/').at(-1) ?? '';
    return undescribed(document.components.schemas[name] ?? {}, name);
  }
  const inner = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  return [
    ...inner.flatMap((one) => undescribed(one, at)),
    ...(schema.items ? undescribed(schema.items, `${at}[]`) : []),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
      // A field with a single value says with it what it is.
      const isPlain = field.enum?.length === 1 || 'const' in field || field.$ref !== undefined;
      const missing = isPlain || field.description ? [] : [`${at}.${name}`];
      return [...missing, ...undescribed(field, `${at}.${name}`)];
    }),
  ];
}

describe('the API document', () => {
  it('says of every setting what it does', () => {
    const settings = document.components.schemas.SettingsChange ?? {};
    expect(Object.keys(settings.properties ?? {}).length).toBeGreaterThan(10);
    expect(undescribed(settings, 'SettingsChange')).toEqual([]);
  });

  it.each(operations)('says what every field and parameter of %s is', (_, operation) => {
    const bodies = Object.values(operation.requestBody?.content ?? {});
    expect(bodies.flatMap(({ schema }) => undescribed(schema, 'body'))).toEqual([]);
    const silent = (operation.parameters ?? []).filter(
      ({ description, schema }) => !description && !schema.description,
    );
    expect(silent.map(({ name }) => name)).toEqual([]);
  });

  it('names no rule in a text that people read', () => {
    const texts = textsOf(document);
    expect(texts.length).toBeGreaterThan(300);
    expect(texts.filter((text) => /\bR\d+/.test(text))).toEqual([]);
  });
});

/** Every title, summary and description, wherever it is. */
function textsOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    ['title', 'summary', 'description'].includes(key) && typeof inner === 'string'
      ? [inner]
      : textsOf(inner),
  );
}
