/** ServerConfig: every option of the HTTP server; flags, help and docs are made from it. */
import { z } from "zod";
import type { EnvironmentVariables } from "./environment.js";
/** One member per option; the order is the order of help and docs. */
export declare const serverSchema: z.ZodObject<{
    host: z.ZodDefault<z.ZodString>;
    port: z.ZodDefault<z.ZodInt>;
    uds: z.ZodOptional<z.ZodString>;
    apiKey: z.ZodDefault<z.ZodUnion<readonly [z.ZodArray<z.ZodString>, z.ZodPipe<z.ZodString, z.ZodTransform<string[], string>>]>>;
    rootPath: z.ZodDefault<z.ZodString>;
    allowedOrigins: z.ZodDefault<z.ZodUnion<readonly [z.ZodArray<z.ZodString>, z.ZodPipe<z.ZodString, z.ZodTransform<string[], string>>]>>;
    allowedMethods: z.ZodDefault<z.ZodUnion<readonly [z.ZodArray<z.ZodString>, z.ZodPipe<z.ZodString, z.ZodTransform<string[], string>>]>>;
    allowedHeaders: z.ZodDefault<z.ZodUnion<readonly [z.ZodArray<z.ZodString>, z.ZodPipe<z.ZodString, z.ZodTransform<string[], string>>]>>;
    allowCredentials: z.ZodDefault<z.ZodBoolean>;
    maxBodyBytes: z.ZodDefault<z.ZodPipe<z.ZodUnion<readonly [z.ZodNumber, z.ZodString]>, z.ZodTransform<number, string | number>>>;
    maxBufferedBytes: z.ZodDefault<z.ZodPipe<z.ZodUnion<readonly [z.ZodNumber, z.ZodString]>, z.ZodTransform<number, string | number>>>;
    sseKeepAliveInterval: z.ZodDefault<z.ZodNumber>;
    shutdownTimeout: z.ZodDefault<z.ZodNumber>;
    responseRole: z.ZodDefault<z.ZodString>;
    trustRequestChatTemplate: z.ZodDefault<z.ZodBoolean>;
    defaultChatTemplateKwargs: z.ZodDefault<z.ZodRecord<z.ZodString, z.ZodUnknown>>;
    returnTokensAsTokenIds: z.ZodDefault<z.ZodBoolean>;
    enablePromptTokensDetails: z.ZodDefault<z.ZodBoolean>;
    enableForceIncludeUsage: z.ZodDefault<z.ZodBoolean>;
    enableRequestIdHeaders: z.ZodDefault<z.ZodBoolean>;
    enableLogRequests: z.ZodDefault<z.ZodBoolean>;
    logErrorStack: z.ZodDefault<z.ZodBoolean>;
}, z.core.$strict>;
/** What `parseServerConfig` takes; everything may be left out. */
export type ServerOptions = z.input<typeof serverSchema>;
/** Checked, complete and frozen options. */
export type ServerConfig = Readonly<z.output<typeof serverSchema>>;
/**
 * Checks options and fills in what is missing from the environment and the defaults.
 *
 * @throws ConfigError with a line per problem: option and flag, what was expected, what came
 */
export declare function parseServerConfig(options?: ServerOptions, variables?: EnvironmentVariables): ServerConfig;
