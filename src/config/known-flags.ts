/** Flags that vLLM has and Quire does not, each with the reason that is given when it is used. */

/** Reason, and the flags it holds for (vLLM 0.32, without dashes and without their no- forms). */
const GROUPS: readonly (readonly [reason: string, flags: string])[] = [
  [
    "LoRA adapters are not in this version",
    `
    lora-modules enable-lora max-loras max-lora-rank lora-dtype enable-tower-connector-lora max-cpu-loras
    fully-sharded-loras lora-target-modules default-mm-loras specialize-active-lora enable-mixed-moe-lora-format
    enable-moe-shared-loras max-lora-cls-labels`,
  ],
  [
    "images, audio and embeddings as input are not in this version",
    `
    trust-request-mm-kwargs allowed-local-media-path allowed-media-domains enable-prompt-embeds io-processor-plugin
    disable-chunked-mm-input language-model-only limit-mm-per-prompt enable-mm-embeds media-io-kwargs
    mm-processor-kwargs mm-processor-cache-gb mm-processor-cache-type mm-hasher-algorithm
    mm-shm-cache-max-object-size-mb mm-encoder-only mm-encoder-tp-mode mm-encoder-attn-backend mm-encoder-attn-dtype
    mm-encoder-fp8-scale-path mm-encoder-fp8-scale-save-path mm-encoder-fp8-scale-save-margin interleave-mm-strings
    skip-mm-profiling video-pruning-rate video-pruning-method mm-tensor-ipc mm-processor-device mm-ipc-gpu-memory-gb
    mm-device-do-normalize ec-transfer-config ec-manager-config enable-flash-late-interaction`,
  ],
  [
    "tool servers, and these settings of tool calls and reasoning, are not in this version",
    `
    tool-strict-level tool-server reasoning-config cohere-is-reasoning-model cohere-format
    anthropic-disabled-thinking-effort`,
  ],
  [
    "speculative decoding is not in this version",
    "speculative-config spec-method spec-model spec-tokens per-request-spec-decode-metrics",
  ],
  [
    "this version runs on one rank",
    `
    headless api-server-count distributed-executor-backend pipeline-parallel-size master-addr master-port nnodes
    node-rank distributed-timeout-seconds cpu-distributed-timeout-seconds numa-bind numa-bind-nodes numa-bind-cpus
    device-ids decode-context-parallel-size dcp-comm-backend dcp-q-replicate dcp-kv-cache-interleave-size
    cp-kv-cache-interleave-size prefill-context-parallel-size data-parallel-size data-parallel-rank
    data-parallel-start-rank data-parallel-size-local data-parallel-address data-parallel-rpc-port
    data-parallel-backend data-parallel-hybrid-lb data-parallel-external-lb data-parallel-multi-port-external-lb
    data-parallel-supervisor-port dp-supervisor-probe-interval-s dp-supervisor-probe-timeout-s
    dp-supervisor-probe-failure-threshold enable-hc-sp enable-expert-parallel enable-batch-sharded-sampling
    enable-ep-weight-filter all2all-backend enable-dbo enable-shm-tensor-arena ubatch-size enable-elastic-ep
    elastic-ep-max-dp-size dbo-decode-token-threshold dp-sync-interval dbo-prefill-token-threshold
    disable-nccl-for-dp-synchronization enable-eplb eplb-config expert-placement-strategy
    max-parallel-loading-workers ray-workers-use-nsight disable-custom-all-reduce worker-cls worker-extension-cls
    enable-fault-tolerance fault-tolerance-config enable-nccl-comm-suspend enable-scale-out`,
  ],
  [
    "KV cache transfer and offloading are not in this version",
    `
    kv-offloading-size kv-offloading-backend kv-transfer-config kv-events-config engram-config offload-backend
    cpu-offload-gb cpu-offload-params offload-group-size offload-num-in-group offload-prefetch-step offload-params
    weight-transfer-config`,
  ],
  [
    "this version has no sleep mode",
    `
    enable-sleep-mode sleep-mode-offload-cudagraph sleep-preserve-parameter-names enable-cumem-allocator`,
  ],
  [
    "states of state-space layers are float32, one for each request, and computed by Quire's own kernels",
    `
    gdn-prefill-backend kda-prefill-backend kda-decode-backend mamba-backend mamba-ssu-algorithm
    enable-mamba-cache-stochastic-rounding mamba-cache-philox-rounds mamba-cache-dtype mamba-ssm-cache-dtype
    mamba-block-size mamba-cache-mode enable-mamba-shared-prefix-checkpoint replayssm-buffer-len use-replayssm`,
  ],
  ["pooling models are not in this version", "runner convert pooler-config"],
  [
    "there is nothing to choose: Quire has one implementation, made of its own kernels",
    `
    attention-backend model-impl moe-backend linear-backend sparse-indexer-topk-backend ir-op-priority
    enable-flashinfer-autotune kernel-config attention-config disable-cascade-attn use-fp64-gumbel tokenizer-mode
    config-format renderer-num-workers scheduler-cls prefix-caching-hash-algo`,
  ],
  [
    "Quire has no graph capture or compilation to set",
    `
    enforce-eager cudagraph-capture-sizes max-cudagraph-capture-size compilation-config optimization-level
    performance-mode cudagraph-metrics jit-monitor-mode jit-monitor-verbose enable-layerwise-nvtx-tracing`,
  ],
  [
    "Quire never runs code from a checkpoint; bring the model as a plugin (--plugin)",
    "trust-remote-code code-revision model-class-overrides",
  ],
  ["use --plugin", "logits-processors middleware"],
  ["gRPC is not in this version", "grpc grpc-port"],
  [
    "these metrics and traces are not in this version",
    `
    collect-detailed-traces kv-cache-metrics
    kv-cache-metrics-sample custom-histogram-buckets enable-mfu-metrics enable-logging-iteration-details
    enable-per-request-metrics profiler-config aggregate-engine-logging`,
  ],
  [
    "the log is set by --log-format, --log-level and --enable-log-requests; outputs are never logged",
    "logging-config log-config-file enable-log-outputs enable-log-deltas",
  ],
  [
    "not in this version",
    `
    tokens-only fingerprint-mode fingerprint-value
    enable-offline-docs hf-config-path tokenizer-revision
    quantization-config allow-deprecated-quantization enable-return-routed-experts return-sampling-mask
    enable-trace-replay disable-sliding-window safetensors-load-strategy safetensors-prefetch-num-threads
    safetensors-prefetch-block-size model-loader-extra-config ignore-patterns use-tqdm-on-load pt-load-map-location
    prefix-cache-retention-interval kv-cache-dtype-skip-layers kv-sharing-fast-prefill swa-bounded-replay
    prefix-match-unit max-num-scheduled-tokens max-num-active-seqs
    long-prefill-token-threshold-adaptive scheduler-reserve-full-isl prefill-schedule-interval
    disable-hybrid-kv-cache-manager watermark-config diffusion-config additional-config
    aux-output-config fail-on-environ-validation`,
  ],
];

/** Flag without dashes -> why Quire does not have it. */
export const KNOWN_ELSEWHERE: ReadonlyMap<string, string> = new Map(
  GROUPS.flatMap(([reason, flags]) =>
    flags
      .trim()
      .split(/\s+/)
      .map((flag) => [flag, reason] as const),
  ),
);
