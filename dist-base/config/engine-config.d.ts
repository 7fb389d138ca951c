/** EngineConfig: every option of the engine; the one source of flags, help, docs and checks. */
import { z } from "zod";
import type { EnvironmentVariables } from "./environment.js";
/** One member per option; the order is the order of help and docs. */
export declare const engineSchema: z.ZodObject<{
    model: z.ZodString;
    tokenizer: z.ZodOptional<z.ZodString>;
    skipTokenizerInit: z.ZodDefault<z.ZodBoolean>;
    dtype: z.ZodDefault<z.ZodPipe<z.ZodEnum<{
        auto: "auto";
        bfloat16: "bfloat16";
        float: "float";
        float16: "float16";
        float32: "float32";
        half: "half";
    }>, z.ZodTransform<"auto" | "bfloat16" | "float32", "auto" | "bfloat16" | "float" | "float16" | "float32" | "half">>>;
    seed: z.ZodDefault<z.ZodInt>;
    maxModelLen: z.ZodOptional<z.ZodUnion<readonly [z.ZodLiteral<"auto">, z.ZodPipe<z.ZodLiteral<-1>, z.ZodTransform<"auto", -1>>, z.ZodPipe<z.ZodLiteral<"-1">, z.ZodTransform<"auto", "-1">>, z.ZodPipe<z.ZodUnion<readonly [z.ZodNumber, z.ZodString]>, z.ZodTransform<number, string | number>>]>>;
    maxLogprobs: z.ZodDefault<z.ZodInt>;
    logprobsMode: z.ZodDefault<z.ZodEnum<{
        processed_logits: "processed_logits";
        processed_logprobs: "processed_logprobs";
        raw_logits: "raw_logits";
        raw_logprobs: "raw_logprobs";
    }>>;
    servedModelName: z.ZodDefault<z.ZodUnion<readonly [z.ZodArray<z.ZodString>, z.ZodPipe<z.ZodString, z.ZodTransform<string[], string>>]>>;
    hfOverrides: z.ZodDefault<z.ZodRecord<z.ZodString, z.ZodUnknown>>;
    generationConfig: z.ZodDefault<z.ZodString>;
    overrideGenerationConfig: z.ZodDefault<z.ZodRecord<z.ZodString, z.ZodUnknown>>;
    quantization: z.ZodOptional<z.ZodPipe<z.ZodString, z.ZodTransform<string, string>>>;
    revision: z.ZodOptional<z.ZodString>;
    hfToken: z.ZodOptional<z.ZodString>;
    loadFormat: z.ZodDefault<z.ZodEnum<{
        auto: "auto";
        dummy: "dummy";
        gguf: "gguf";
        pt: "pt";
        safetensors: "safetensors";
    }>>;
    downloadDir: z.ZodOptional<z.ZodString>;
    engine: z.ZodOptional<z.ZodPipe<z.ZodEnum<{
        0: "0";
        1: "1";
        "in-process": "in-process";
        process: "process";
    }>, z.ZodTransform<"in-process" | "process", "0" | "1" | "in-process" | "process">>>;
    platform: z.ZodDefault<z.ZodEnum<{
        auto: "auto";
        cpu: "cpu";
        reference: "reference";
    }>>;
    cpuThreads: z.ZodOptional<z.ZodInt>;
    cpuIsa: z.ZodOptional<z.ZodEnum<{
        avx2: "avx2";
        avx512: "avx512";
        avx512_bf16: "avx512_bf16";
        neon: "neon";
        portable: "portable";
    }>>;
    blockSize: z.ZodDefault<z.ZodInt>;
    kvCacheMemoryBytes: z.ZodOptional<z.ZodPipe<z.ZodUnion<readonly [z.ZodNumber, z.ZodString]>, z.ZodTransform<number, string | number>>>;
    memoryUtilization: z.ZodDefault<z.ZodNumber>;
    numBlocksOverride: z.ZodOptional<z.ZodInt>;
    enablePrefixCaching: z.ZodDefault<z.ZodBoolean>;
    kvCacheDtype: z.ZodDefault<z.ZodEnum<{
        auto: "auto";
        bfloat16: "bfloat16";
        float32: "float32";
    }>>;
    maxNumBatchedTokens: z.ZodDefault<z.ZodPipe<z.ZodUnion<readonly [z.ZodNumber, z.ZodString]>, z.ZodTransform<number, string | number>>>;
    maxNumSeqs: z.ZodDefault<z.ZodPipe<z.ZodUnion<readonly [z.ZodNumber, z.ZodString]>, z.ZodTransform<number, string | number>>>;
    longPrefillTokenThreshold: z.ZodDefault<z.ZodInt>;
    enableChunkedPrefill: z.ZodDefault<z.ZodBoolean>;
    schedulingPolicy: z.ZodDefault<z.ZodEnum<{
        fcfs: "fcfs";
        priority: "priority";
    }>>;
    watermark: z.ZodDefault<z.ZodNumber>;
    tensorParallelSize: z.ZodDefault<z.ZodInt> & z.ZodType<1, number | undefined, z.core.$ZodTypeInternals<1, number | undefined>>;
    chatTemplate: z.ZodOptional<z.ZodString>;
    chatTemplateContentFormat: z.ZodDefault<z.ZodEnum<{
        auto: "auto";
        openai: "openai";
        string: "string";
    }>>;
    plugins: z.ZodDefault<z.ZodUnion<readonly [z.ZodArray<z.ZodString>, z.ZodPipe<z.ZodString, z.ZodTransform<string[], string>>]>>;
    profile: z.ZodOptional<z.ZodString>;
    disableLogStats: z.ZodDefault<z.ZodBoolean>;
}, z.core.$strict>;
/** What `new LLM` and `parseEngineConfig` take: only `model` is needed. */
export type EngineOptions = z.input<typeof engineSchema>;
/** Checked, complete and frozen options. `servedModelName` holds at least one name. */
export type EngineConfig = Readonly<z.output<typeof engineSchema>>;
/**
 * Checks options and fills in what is missing from the environment and the defaults.
 *
 * @param variables  environment variables; the process's by default
 * @throws ConfigError with a line per problem: option and flag, what was expected, what came
 */
export declare function parseEngineConfig(options: EngineOptions, variables?: EnvironmentVariables): EngineConfig;
