import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from '@temporalio/client';
import type { Config } from '../config';
import { ConfigError } from '../config';

function fileOf(variable: string, file: string | null): Buffer | undefined {
  if (file === null) return undefined;
  try {
    return readFileSync(file);
  } catch {
    throw new ConfigError(`${variable} names ${file}, which can't be read.`);
  }
}

/** How to connect, for clients and workers alike; `address` is the embedded server's where none is configured. */
export function temporalOptions(
  { apiKey, tls }: Config['temporal'],
  address: string,
): Pick<ConnectionOptions, 'address' | 'apiKey' | 'tls'> {
  const root = fileOf('TEMPORAL_TLS_CA_FILE', tls?.caFile ?? null);
  const crt = fileOf('TEMPORAL_TLS_CERT_FILE', tls?.certFile ?? null);
  const key = fileOf('TEMPORAL_TLS_KEY_FILE', tls?.keyFile ?? null);
  const usesTls = tls !== null || apiKey !== null;
  return {
    address,
    ...(apiKey !== null && { apiKey }),
    ...(usesTls && {
      tls: {
        ...(root && { serverRootCACertificate: root }),
        ...(crt && key && { clientCertPair: { crt, key } }),
      },
    }),
  };
}
