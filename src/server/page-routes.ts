/** The pages at / and /dashboard, their files, and the data of the dashboard. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { RequestError } from "../util/errors.js";
import { dashboardData } from "./dashboard-data.js";
import { errorResponse } from "./error-response.js";
import { pageFile, pageFiles } from "./page-files.js";
import type { PageFile } from "./page-files.js";
import type { ServerContext } from "./respond.js";

const A_YEAR_S = 31_536_000;

/** Nothing but this server's own files; no markup is made of text (Trusted Types: no sink for HTML may be used at all). */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

const SAFETY = {
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
};

/** The shell (/, /dashboard, /page/*) is open to all; /dashboard/data wants the key. @param version Quire's own */
export function registerPage(app: FastifyInstance, context: ServerContext, version: string): void {
  const root = context.config.rootPath.replace(/\/$/, "");
  // Relative addresses are right without it, unless the page is asked for as "/llm" and not "/llm/".
  const baseElement = root === "" ? "" : `<base href="${encodeURI(root)}/" />`;
  for (const [path, name] of [
    ["/", "index.html"],
    ["/dashboard", "dashboard.html"],
  ] as const) {
    let page: PageFile | undefined;
    app.get(path, async (request, reply) => {
      // Relative addresses in the page would mean other files.
      if (/^\/dashboard\/+(\?|$)/.test(request.url)) return reply.redirect("../dashboard", 307);
      const files = await readyFiles(reply);
      if (files === undefined) return reply;
      page ??= pageFile(name, files.get(name)!.body.toString().replace("{{base}}", baseElement));
      reply.header("Content-Security-Policy", `${POLICY}; base-uri ${root === "" ? "'none'" : "'self'"}`);
      return send(request, reply, page, "no-cache");
    });
  }
  app.get<{ Params: { "*": string } }>("/page/*", async (request, reply) => {
    const files = await readyFiles(reply);
    if (files === undefined) return reply;
    const name = request.params["*"];
    const file = name.endsWith(".html") ? undefined : files.get(name);
    if (file === undefined) {
      throw new RequestError(`GET /page/${name.slice(0, 100)}: there is no such file; reload the page`, {
        status: 404,
      });
    }
    reply.header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
    return send(request, reply, file, `public, max-age=${A_YEAR_S}, immutable`);
  });
  app.get<{ Querystring: { since?: string } }>("/dashboard/data", async (request, reply) => {
    reply.header("Cache-Control", "no-store");
    return dashboardData(context, version, request.query.since);
  });
}

/** The files, or undefined after the answer that there are none. */
async function readyFiles(reply: FastifyReply): Promise<ReadonlyMap<string, PageFile> | undefined> {
  try {
    return await pageFiles();
  } catch (error) {
    const { status, body } = errorResponse(503, `the page cannot be shown: ${(error as Error).message}`);
    await reply.code(status).send(body);
    return undefined;
  }
}

async function send(
  request: FastifyRequest,
  reply: FastifyReply,
  file: PageFile,
  caching: string,
): Promise<FastifyReply> {
  reply.headers({ ...SAFETY, "Cache-Control": caching, ETag: file.etag, Vary: "Accept-Encoding" });
  const known = request.headers["if-none-match"];
  if (known?.split(",").some((tag) => tag.trim().replace(/^W\//, "") === file.etag)) return reply.code(304).send();
  reply.type(file.type);
  if (!/\bgzip\b(?!\s*;\s*q=0(\.0*)?(,|\s|$))/.test(String(request.headers["accept-encoding"] ?? ""))) {
    return reply.send(file.body);
  }
  return reply.header("Content-Encoding", "gzip").send(await file.gzipped());
}
