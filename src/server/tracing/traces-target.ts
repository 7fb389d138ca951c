/** TracesTarget: where spans are sent, and in which form. Loads nothing, so that a wrong target is told before the model is loaded. */
import { readEnvironment } from "../../config/environment.js";
import type { ServerConfig } from "../../config/server-config.js";
import { ConfigError } from "../../util/errors.js";

export interface TracesTarget {
  readonly url: string;
  readonly protocol: "http/protobuf" | "http/json";
}

/**
 * Undefined without --otlp-traces-endpoint. A URL without a path gets the usual one, /v1/traces.
 * @throws ConfigError for anything but HTTP
 */
export function tracesTarget(
  { otlpTracesEndpoint: endpoint }: Pick<ServerConfig, "otlpTracesEndpoint">,
  protocol = readEnvironment().otlpTracesProtocol,
): TracesTarget | undefined {
  if (endpoint === undefined) return undefined;
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new ConfigError(
      `--otlp-traces-endpoint: expected the http:// or https:// URL of a collector, like http://localhost:4318/v1/traces; ` +
        `got ${endpoint}${url?.protocol === "grpc:" ? "; gRPC is not supported: collectors take HTTP at port 4318" : ""}`,
    );
  }
  if (protocol !== "http/protobuf" && protocol !== "http/json") {
    throw new ConfigError(
      `OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: expected http/protobuf or http/json; got ${protocol}` +
        (protocol === "grpc" ? "; gRPC is not supported: collectors take HTTP at port 4318" : ""),
    );
  }
  if (url.pathname === "/") url.pathname = "/v1/traces";
  return { url: url.href, protocol };
}
