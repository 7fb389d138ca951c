import { describe, expect, it } from "vitest";
import { collectEnv, maskedVariables, showEnv } from "./collect-env.js";

describe("collect-env", () => {
  it("tells versions, machine and packages", async () => {
    const environment = await collectEnv("9.9.9", { npm_config_user_agent: "npm/11.0.0 node/v20" });
    expect(environment.Quire).toMatchObject({ version: "9.9.9", "native kernels": expect.any(String) });
    expect(environment.Node).toMatchObject({ node: process.version, npm: "11.0.0" });
    expect(environment.Memory!.total).toMatch(/GiB$/);
    expect(environment.Packages!.fastify).toMatch(/^\d+\.\d+\.\d+$/);
    for (const values of Object.values(environment)) {
      for (const [name, value] of Object.entries(values)) expect(value, name).toMatch(/./);
    }
    const text = showEnv(environment);
    expect(text).toContain("Variables\n  none\n");
    expect(text).toMatch(/^Quire\n {2}version +9\.9\.9$/m);
  });

  it("shows no secrets", () => {
    const shown = maskedVariables({
      QUIRE_API_KEY: "s3cret",
      HF_TOKEN: "s3cret",
      OTEL_EXPORTER_OTLP_HEADERS: "s3cret",
      HF_ENDPOINT: "https://me:s3cret@hub.example/x",
      QUIRE_DEBUG: "1",
      HOME: "/home/s3cret",
      AWS_SECRET_ACCESS_KEY: "s3cret",
    });
    expect(JSON.stringify(shown)).not.toContain("s3cret");
    expect(shown).toEqual({
      HF_ENDPOINT: "https://(not shown)@hub.example/x",
      HF_TOKEN: "(set, not shown)",
      OTEL_EXPORTER_OTLP_HEADERS: "(set, not shown)",
      QUIRE_API_KEY: "(set, not shown)",
      QUIRE_DEBUG: "1",
    });
  });
});
