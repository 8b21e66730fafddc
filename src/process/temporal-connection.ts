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
