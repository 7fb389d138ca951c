/** TLS: certificates, those of clients, their renewal while the server runs. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import type { RequestOptions } from "node:https";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { ConfigError } from "../../src/util/errors.js";
import { testServer, until } from "./support.js";
import type { TestServer } from "./support.js";

const given = (name: string) => fileURLToPath(new URL(`./certificates/${name}`, import.meta.url));
const ca = readFileSync(given("ca.pem"));
const files = { sslKeyfile: given("first.key"), sslCertfile: given("first.pem") };
const client = { key: readFileSync(given("client.key")), cert: readFileSync(given("client.pem")) };
const folder = mkdtempSync(join(tmpdir(), "quire-tls-"));
afterAll(() => rmSync(folder, { recursive: true }));

let server: TestServer;
afterEach(() => server?.close());

interface Answer {
  readonly status: number;
  readonly text: string;
  /** Common name of the server's certificate. */
  readonly name: string;
}

function call(path: string, options: RequestOptions & { body?: string } = {}): Promise<Answer> {
  const { body, ...rest } = options;
  return new Promise((resolve, reject) => {
    const headers = { "Content-Type": "application/json" };
    const sent = request(`${server.url}${path}`, { ca, agent: false, headers, ...rest }, (response) => {
      const name = String((response.socket as TLSSocket).getPeerCertificate().subject.CN);
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.on("end", () => resolve({ status: response.statusCode!, text, name }));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

describe("TLS", () => {
  it("serves all endpoints, streams too", async () => {
    server = await testServer(files);
    expect(server.url).toMatch(/^https:/);
    expect(await call("/health")).toMatchObject({ status: 200, name: "first" });
    const body = JSON.stringify({ prompt: "a", max_tokens: 3, stream: true });
    const { text } = await call("/v1/completions", { method: "POST", body });
    expect(text).toMatch(/\[DONE\]\n\n$/);
    await expect(call("/health", { ca: [] })).rejects.toThrow(/self-signed|unable to verify/);
  });

  it("is not harmed by what is no TLS", async () => {
    server = await testServer(files);
    for (const bytes of ["GET /health HTTP/1.1\r\nHost: x\r\n\r\n", "\x16\x03\x01\xff\xff\x01", "\0".repeat(1000)]) {
      const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
      socket.on("error", () => {});
      socket.resume();
      socket.end(bytes);
      await new Promise((resolve) => socket.once("close", resolve));
    }
    expect((await call("/health")).status).toBe(200);
  });

  it("asks clients for certificates when told to", async () => {
    server = await testServer({ ...files, sslCaCerts: given("ca.pem"), sslCertReqs: 2 });
    expect((await call("/health", client)).status).toBe(200);
    await expect(call("/health")).rejects.toThrow();
    await server.close();
    server = await testServer({ ...files, sslCaCerts: given("ca.pem"), sslCertReqs: 1 });
    expect((await call("/health")).status).toBe(200);
  });

  it("takes up new files, keeps the old certificate while they do not fit, and cuts nobody off", async () => {
    const [sslKeyfile, sslCertfile] = [join(folder, "key"), join(folder, "cert")];
    copyFileSync(files.sslKeyfile, sslKeyfile);
    copyFileSync(files.sslCertfile, sslCertfile);
    server = await testServer({ sslKeyfile, sslCertfile, enableSslRefresh: true });
    server.engine.stepMs = 200;
    const open = call("/v1/completions", { method: "POST", body: JSON.stringify({ prompt: "a", max_tokens: 30 }) });
    expect((await call("/health")).name).toBe("first");
    writeFileSync(sslCertfile, "rubbish");
    await until(() => server.log.length > 0, "the change is noticed");
    expect(server.log[0]).toMatch(/the old certificate stays: .*cannot be used for TLS/);
    expect((await call("/health")).name).toBe("first");
    copyFileSync(given("second.key"), sslKeyfile);
    copyFileSync(given("second.pem"), sslCertfile);
    await until(() => server.log.some((line) => line.includes("get the new certificate")), "the new files are taken");
    expect((await call("/health")).name).toBe("second");
    expect(await open).toMatchObject({ status: 200, name: "first" });
  });

  it.each([
    [{ sslKeyfile: files.sslKeyfile }, /both --ssl-keyfile and --ssl-certfile/],
    [{ ...files, sslKeyfile: given("second.key") }, /cannot be used for TLS/],
    [{ ...files, sslCertfile: "/no/such/file" }, /--ssl-certfile: \/no\/such\/file cannot be read \(ENOENT\)/],
    [{ ...files, sslCiphers: "no-such-cipher" }, /cannot be used for TLS/],
    [{ ...files, sslCertReqs: 2 }, /--ssl-ca-certs, which is missing/],
    [{ enableSslRefresh: true }, /of no use alone/],
  ])("refuses %j", async (options, message) => {
    await expect(testServer(options)).rejects.toThrow(ConfigError);
    await expect(testServer(options)).rejects.toThrow(message);
  });
});
