/** TLS: the server's certificate from files, and its renewal while the server runs. */
import { readFileSync, unwatchFile, watchFile } from "node:fs";
import { createSecureContext } from "node:tls";
import type { SecureContextOptions, TlsOptions } from "node:tls";
import type { FastifyInstance } from "fastify";
import type { ServerConfig } from "../config/server-config.js";
import { ConfigError } from "../util/errors.js";

const HANDSHAKE_TIMEOUT_MS = 20_000;
const FILES = ["sslKeyfile", "sslCertfile", "sslCaCerts"] as const;
const FLAGS = { sslKeyfile: "--ssl-keyfile", sslCertfile: "--ssl-certfile", sslCaCerts: "--ssl-ca-certs" } as const;

/**
 * Options of the server's socket; undefined: no TLS.
 *
 * @throws ConfigError if a file cannot be read, or key and certificates are not what they should be
 */
export function tlsOptions(config: ServerConfig): TlsOptions | undefined {
  if (config.sslKeyfile === undefined && config.sslCertfile === undefined) {
    const stray = config.sslCaCerts !== undefined || config.sslCertReqs > 0 || config.enableSslRefresh;
    if (stray)
      throw new ConfigError("TLS needs --ssl-keyfile and --ssl-certfile; its other options are of no use alone");
    return undefined;
  }
  if (config.sslKeyfile === undefined || config.sslCertfile === undefined) {
    throw new ConfigError("TLS needs both --ssl-keyfile and --ssl-certfile; one is missing");
  }
  if (config.sslCertReqs > 0 && config.sslCaCerts === undefined) {
    throw new ConfigError(
      "--ssl-cert-reqs: certificates of clients are checked against --ssl-ca-certs, which is missing",
    );
  }
  return {
    ...readContext(config),
    handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
    requestCert: config.sslCertReqs > 0,
    rejectUnauthorized: config.sslCertReqs === 2,
  };
}

/** Reads the files, and tries them. */
function readContext(config: ServerConfig): SecureContextOptions {
  const [key, cert, ca] = FILES.map((name) => readPem(config[name], FLAGS[name]));
  const context: SecureContextOptions = { key, cert, ...(ca === undefined ? {} : { ca }) };
  if (config.sslCiphers !== undefined) context.ciphers = config.sslCiphers;
  try {
    createSecureContext(context);
  } catch (cause) {
    const files = `${config.sslKeyfile} (--ssl-keyfile) and ${config.sslCertfile} (--ssl-certfile)`;
    throw new ConfigError(`${files} cannot be used for TLS: ${(cause as Error).message}`, { cause });
  }
  return context;
}

function readPem(path: string | undefined, flag: string): Buffer | undefined {
  if (path === undefined) return undefined;
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new ConfigError(`${flag}: ${path} cannot be read (${(cause as NodeJS.ErrnoException).code})`, { cause });
  }
}

/**
 * Takes up the files when they change; new connections get the new certificate, open ones live on. Files that do not fit together, as
 * between the writing of one and the other, leave everything as it was, with a line in the log.
 *
 * @param intervalMs how often to look
 */
export function refreshTls(
  app: FastifyInstance,
  config: ServerConfig,
  log: (line: string) => void,
  intervalMs = 2000,
): void {
  const { server } = app;
  if (!("setSecureContext" in server)) return;
  const refresh = () => {
    try {
      (server as unknown as { setSecureContext(options: SecureContextOptions): void }).setSecureContext(
        readContext(config),
      );
      log("TLS: the certificate files changed; new connections get the new certificate");
    } catch (error) {
      log(
        `TLS: the certificate files changed and cannot be used; the old certificate stays: ${(error as Error).message}`,
      );
    }
  };
  const paths = FILES.flatMap((name) => config[name] ?? []);
  for (const path of paths) {
    watchFile(path, { interval: intervalMs, persistent: false }, (now, before) => {
      if (now.mtimeMs !== before.mtimeMs || now.ino !== before.ino) refresh();
    });
  }
  app.addHook("onClose", async () => {
    for (const path of paths) unwatchFile(path);
  });
}
