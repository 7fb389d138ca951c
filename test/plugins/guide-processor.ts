/** The logits processor of docs/plugins.md. */
import type { PluginApi } from "quirelm";

export default function (quire: PluginApi): void {
  quire.registerLogitsProcessor("my-package/no-repeat", {
    validateParams({ extraArgs }) {
      if (typeof extraArgs?.window !== "number") throw new Error("extra_args.window must be a number");
    },
    apply(logits, requests) {
      requests.forEach(({ outputTokenIds, params }, i) => {
        for (const id of outputTokenIds.slice(-Number(params.extraArgs!.window))) logits[i]![id] = -Infinity;
      });
    },
  });
}
