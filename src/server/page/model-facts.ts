/** What serves the answers: name, context, version, and what the server tells of the model. */
import { callJson } from "./api-client.js";
import { byId, el } from "./dom.js";
import { visibleText } from "./visible-text.js";

interface ModelList {
  readonly data?: readonly { readonly id: string; readonly root?: string; readonly max_model_len?: number }[];
}

/** Of /dashboard/data; servers of other makes lack it. */
interface ServerFacts {
  readonly version?: string;
  readonly model?: {
    /** Label and value of each fact, to be shown as they are. */
    readonly facts?: readonly (readonly [string, string])[];
    readonly hasChatTemplate?: boolean;
  };
}

export interface ModelFacts {
  /** The names that the server answers to; the first is its own. */
  readonly names: readonly string[];
  readonly hasChatTemplate: boolean;
}

/**
 * Asks the server, and shows the facts in the dialog of the model button.
 *
 * @throws ApiError when the server is not reached or wants another key
 */
export async function loadModelFacts(): Promise<ModelFacts> {
  const models = await callJson<ModelList>("v1/models");
  const server = await callJson<ServerFacts>("dashboard/data?since=none").catch((): ServerFacts => ({}));
  const [first] = models.data ?? [];
  const names = (models.data ?? []).map(({ id }) => id);
  const rows: (readonly [string, string])[] = [
    ["Name", names.join(", ")],
    ...(first?.max_model_len === undefined
      ? []
      : [["Context", `${first.max_model_len.toLocaleString("en")} tokens`] as const]),
    ...(server.model?.facts ?? []),
    ...(server.version === undefined ? [] : [["Quire", server.version] as const]),
  ];
  byId("model-name").textContent = visibleText(first?.id ?? "no model");
  byId("model-facts").replaceChildren(
    ...rows.flatMap(([label, value]) => [el("dt", {}, label), el("dd", {}, visibleText(value))]),
  );
  return { names, hasChatTemplate: server.model?.hasChatTemplate !== false };
}
