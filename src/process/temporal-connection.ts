import { readFileSync } from 'node:fs';
import type { Config } from '../config/config';

export interface TemporalConnectionOptions {
  address: string;
  apiKey?: string;
  tls?:
    | true
    | {
        serverRootCACertificate?: Buffer;
        clientCertPair?: { crt: Buffer; key: Buffer };
      };
}

/**
 * After a failed attempt gRPC waits longer and longer, up to two minutes by default: so long a client
 * would stay away after Temporal is back. The connection of workers is made by the SDK's core, which
 * has its own waits, of at most ten seconds.
 */
const reconnecting = {
  'grpc.initial_reconnect_backoff_ms': 200,
  'grpc.max_reconnect_backoff_ms': 2_000,
};

/** Connection options for clients of Temporal. Reads the certificate files. */
export function temporalClientOptions(
  temporal: Pick<Config['temporal'], 'apiKey' | 'tls'>,
  address: string,
): TemporalConnectionOptions & { channelArgs: typeof reconnecting } {
  return { ...temporalConnectionOptions(temporal, address), channelArgs: reconnecting };
}

/** Connection options for clients and workers of Temporal. Reads the certificate files. */
export function temporalConnectionOptions(
  temporal: Pick<Config['temporal'], 'apiKey' | 'tls'>,
  address: string,
): TemporalConnectionOptions {
  const { apiKey, tls } = temporal;
  return {
    address,
    ...(apiKey === null ? {} : { apiKey }),
    ...(tls === null
      ? apiKey === null
        ? {}
        : { tls: true as const }
      : { tls: certificates(tls) }),
  };
}

function certificates(files: NonNullable<Config['temporal']['tls']>) {
  const { caFile, certFile, keyFile } = files;
  return {
    ...(caFile === null ? {} : { serverRootCACertificate: readFileSync(caFile) }),
    ...(certFile === null || keyFile === null
      ? {}
      : { clientCertPair: { crt: readFileSync(certFile), key: readFileSync(keyFile) } }),
  };
}
