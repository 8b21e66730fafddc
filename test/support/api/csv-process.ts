/** The API in a process of its own, which tells how much memory it has needed. */
import type { AddressInfo } from 'node:net';
import { createApp } from '../../../src/api/create-app';
import { hashToken } from '../../../src/api/http/tokens';
import { openDatabase } from '../../../src/db/connect';
import { createLogger } from '../../../src/logger';
import { createFakeJobs } from './fake-jobs';

export type Asked = 'begin' | 'peak';
export type Told = { port: number } | { rssBytes: number };

const [url = '', token = ''] = process.argv.slice(2);
const app = createApp({
  db: openDatabase(url),
  jobs: createFakeJobs(),
  tokens: new Map([[hashToken(token), { name: 'measure', role: 'operator' }]]),
  logger: createLogger({ name: 'measure', level: 'silent' }),
  defaults: { writesPerSecond: 5 },
  version: '0.0.0-test',
  isLocal: true,
});
const tell = (told: Told) => process.send?.(told);
const server = app.listen(0, '127.0.0.1', () => {
  tell({ port: (server.address() as AddressInfo).port });
});

let peakBytes = 0;
const look = () => {
  peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
};
setInterval(look, 5);
process.on('message', (asked: Asked) => {
  if (asked === 'begin') {
    globalThis.gc?.();
    peakBytes = 0;
  }
  look();
  tell({ rssBytes: peakBytes });
});
process.on('disconnect', () => process.exit(0));
