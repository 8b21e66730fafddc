import type { z } from 'zod';
import { ApiError } from '../server/api-error';
import type { Simulator } from '../state/simulator';

/** One request to the controls. */
export interface ControlCall {
  simulator: Simulator;
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  body: unknown;
}

export interface ControlAnswer {
  status?: number;
  body?: unknown;
  /** One JSON document per line, instead of `body`. */
  lines?: Iterable<unknown>;
}

export interface Control {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  /** What it does, for `GET /_simulator/`. */
  summary: string;
  handle(call: ControlCall): ControlAnswer;
}

/** The body in this shape. Throws a 400 that lists every fault. */
export function readControl<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value ?? {});
  if (result.success) return result.data;
  throw invalid(result.error);
}

export function invalid(error: z.ZodError): ApiError {
  const errors = error.issues.map((issue) => ({
    description: `${issue.path.join('.') || 'body'}: ${issue.message}`,
  }));
  return new ApiError(400, 'The request is not valid.', errors);
}

/** A query parameter as a whole number. */
export function queryNumber(query: URLSearchParams, name: string, otherwise: number): number {
  const value = Number.parseInt(query.get(name) ?? '', 10);
  return Number.isFinite(value) && value >= 0 ? value : otherwise;
}
