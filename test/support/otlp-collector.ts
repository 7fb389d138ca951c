/** An OpenTelemetry collector for tests: takes traces as protobuf or JSON, and can be slow or refuse. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fields, values } from "./protobuf.js";

export interface CollectedSpan {
  name: string;
  traceId: string;
  parentSpanId: string;
  traceState: string;
  kind: number;
  startMs: number;
  endMs: number;
  attributes: Record<string, unknown>;
  resource: Record<string, unknown>;
  statusCode: number;
}

export class OtlpCollector {
  readonly spans: CollectedSpan[] = [];
  readonly contentTypes: string[] = [];
  readonly paths: string[] = [];
  /** Of the next answers. */
  status = 200;
  #server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const type = request.headers["content-type"]!;
      this.contentTypes.push(type);
      this.paths.push(request.url!);
      const body = Buffer.concat(parts);
      if (this.status === 200) this.spans.push(...(type.includes("json") ? fromJson(body) : fromProtobuf(body)));
      response.writeHead(this.status, { "Content-Type": type }).end(type.includes("json") ? "{}" : "");
    });
  });

  async listen(): Promise<string> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

function fromProtobuf(body: Buffer): CollectedSpan[] {
  return values(body, 1).flatMap((resourceSpans) => {
    const resource = attributesOf(values(resourceSpans, 1).flatMap((bytes) => values(bytes, 1)));
    const spans = values(resourceSpans, 2).flatMap((scope) => values(scope, 2));
    return spans.map((span): CollectedSpan => {
      const one = (number: number) => values(span, number)[0] ?? Buffer.alloc(0);
      const nanos = (number: number) => Number(one(number).readBigUInt64LE(0) / 1000n) / 1000;
      const kind = fields(span).find(({ number }) => number === 6)?.value;
      const status = fields(one(15)).find(({ number }) => number === 3)?.value;
      return {
        name: one(5).toString(),
        traceId: one(1).toString("hex"),
        parentSpanId: one(4).toString("hex"),
        traceState: one(3).toString(),
        kind: Number(kind ?? 0n),
        startMs: nanos(7),
        endMs: nanos(8),
        attributes: attributesOf(values(span, 9)),
        resource,
        statusCode: Number(status ?? 0n),
      };
    });
  });
}

function attributesOf(list: readonly Buffer[]): Record<string, unknown> {
  return Object.fromEntries(list.map((pair) => [values(pair, 1)[0]!.toString(), anyValue(values(pair, 2)[0]!)]));
}

function anyValue(bytes: Buffer): unknown {
  const [field] = fields(bytes);
  if (field === undefined) return undefined;
  const { number, value } = field;
  if (number === 1) return (value as Buffer).toString();
  if (number === 4) return (value as Buffer).readDoubleLE(0);
  if (number === 5) return values(value as Buffer, 1).map(anyValue);
  return Number(value as bigint);
}

function fromJson(body: Buffer): CollectedSpan[] {
  const { resourceSpans } = JSON.parse(body.toString("utf8"));
  return resourceSpans.flatMap(({ resource, scopeSpans }: any) =>
    scopeSpans.flatMap(({ spans }: any) =>
      spans.map((span: any): CollectedSpan => ({
        name: span.name,
        traceId: span.traceId,
        parentSpanId: span.parentSpanId ?? "",
        traceState: span.traceState ?? "",
        kind: span.kind,
        startMs: Number(BigInt(span.startTimeUnixNano) / 1000n) / 1000,
        endMs: Number(BigInt(span.endTimeUnixNano) / 1000n) / 1000,
        attributes: jsonAttributes(span.attributes),
        resource: jsonAttributes(resource.attributes),
        statusCode: span.status?.code ?? 0,
      })),
    ),
  );
}

function jsonAttributes(list: any[]): Record<string, unknown> {
  const plain = (value: any): unknown =>
    value.stringValue ?? value.doubleValue ?? value.intValue ?? value.arrayValue?.values.map(plain);
  return Object.fromEntries(list.map(({ key, value }) => [key, plain(value)]));
}
