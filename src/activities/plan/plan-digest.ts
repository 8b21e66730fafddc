import { createHash } from 'node:crypto';
import type { ContentToStore } from '../../db/plan/copy-plan';
import type { CandidateName } from '../../db/plan/read-candidates';
import { memoized } from '../../domain/model/memoized';
import type { PlacedUser } from '../../domain/plan/planner';
import type { PlanContent } from '../../domain/plan/plan-content';
import type { PlanSummary } from '../../domain/plan/plan-summary';

interface Encoded {
  number: number;
  /** The JSON of a row from `before` on, as UTF-8. */
  json: Buffer;
}

/**
 * SHA-256 over the summary and the rows as JSON, in the order of the candidates. What many rows have in
 * common is written as JSON once.
 */
export interface PlanDigest {
  /** Adds a row; returns the number of its content. */
  add(name: CandidateName, user: PlacedUser): number;
  /** Contents that came up since the last call. */
  newContents(): ContentToStore[];
  value(): string;
}

export function createPlanDigest(summary: PlanSummary): PlanDigest {
  const hash = createHash('sha256').update(JSON.stringify(summary));
  const known = new WeakMap<PlanContent, Encoded>();
  let found: ContentToStore[] = [];
  let contents = 0;
  // Users who were decided again may have the same content without anybody knowing.
  const encodedOnce = memoized(JSON.stringify, (content: PlanContent): Encoded => {
    contents += 1;
    found.push({ number: contents, content });
    return { number: contents, json: Buffer.from(JSON.stringify(content).slice(1)) };
  });
  const encodedOf = (content: PlanContent): Encoded => {
    const encoded = known.get(content) ?? encodedOnce(content);
    known.set(content, encoded);
    return encoded;
  };
  return {
    add({ personId, email, displayName }, { seq, wave, step, content }) {
      const { number, json } = encodedOf(content);
      const name = JSON.stringify({ seq, personId, email, displayName, wave, step });
      hash.update(`${name.slice(0, -1)},`).update(json);
      return number;
    },
    newContents() {
      const news = found;
      found = [];
      return news;
    },
    value: () => hash.digest('hex'),
  };
}
