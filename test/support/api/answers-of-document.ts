import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';

interface Operation {
  responses: Record<string, { content?: Record<string, { schema?: object }> }>;
}
interface Document {
  paths: Record<string, Record<string, Operation>>;
}

/** Checks answers against an OpenAPI document: every status and body has to be in it. */
export function answersOf(document: Document) {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats(ajv);
  ajv.addSchema(document, 'api');
  const compiled = new Map<string, ValidateFunction>();
  const routes = Object.keys(document.paths).map((path) => ({
    path,
    pattern: new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`),
  }));

  return (answer: {
    method: string;
    path: string;
    status: number;
    contentType: string;
    body: unknown;
  }): string[] => {
    const route =
      routes.find(({ path }) => path === answer.path) ??
      routes.find(({ pattern }) => pattern.test(answer.path));
    const operation = route && document.paths[route.path]?.[answer.method.toLowerCase()];
    // Other addresses and methods are no part of the document.
    if (!route || !operation) return [404, 405].includes(answer.status) ? [] : ['no such route'];
    const reply = operation.responses[answer.status];
    const where = `${answer.method} ${route.path} ${answer.status}`;
    if (!reply) return [`${where} is not in the document`];
    const type = answer.contentType.split(';')[0] ?? '';
    if (!reply.content) return type === '' ? [] : [`${where} must have no body`];
    if (!reply.content[type]) return [`${where} must not be ${type}`];
    if (!type.endsWith('json')) return [];
    const escape = (text: string) =>
      encodeURIComponent(text.replaceAll('~', '~0').replaceAll('/', '~1'));
    const pointer = `api#/paths/${escape(route.path)}/${answer.method.toLowerCase()}/responses/${answer.status}/content/${escape(type)}/schema`;
    const validate = compiled.get(pointer) ?? ajv.compile({ $ref: pointer });
    compiled.set(pointer, validate);
    if (validate(answer.body)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message }) => `${where} ${instancePath} ${message ?? ''}`,
    );
  };
}
