/** GET /openapi.json and GET /docs: what the server can do, for programs and for people. */
import type { FastifyInstance } from "fastify";
import type { RouteName } from "../app.js";
import type { ServerContext } from "../respond.js";
import type { OpenApiDocument } from "./document.js";

/**
 * Open without a key: it tells nothing of the model.
 * @param routes of the server; complete when the first question comes
 */
export function registerOpenApi(
  app: FastifyInstance,
  { config }: ServerContext,
  routes: readonly RouteName[],
  version: string,
): void {
  if (config.disableFastapiDocs) return;
  let made: Promise<OpenApiDocument> | undefined;
  // Made when it is first asked for, so that it costs the start nothing.
  const document = () =>
    (made ??= import("./document.js").then(({ openApiDocument }) =>
      openApiDocument({ version, routes, rootPath: config.rootPath.replace(/\/$/, "") }),
    ));
  app.get("/openapi.json", async () => document());
  app.get("/docs", async (request, reply) => {
    // Relative addresses in the page would mean other files.
    if (/^\/docs\/+(\?|$)/.test(request.url)) return reply.redirect("../docs", 307);
    const { docsPage, DOCS_POLICY } = await import("./docs-page.js");
    return reply
      .type("text/html; charset=utf-8")
      .header("Content-Security-Policy", DOCS_POLICY)
      .header("X-Content-Type-Options", "nosniff")
      .header("Referrer-Policy", "no-referrer")
      .send(docsPage(await document()));
  });
}
