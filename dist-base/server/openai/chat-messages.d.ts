/** Messages of a conversation on the wire, checked and brought into the form that templates read. */
import { z } from "zod";
import type { ClientMessage } from "../engine-client.js";
export declare const chatMessages: z.ZodArray<z.ZodObject<{
    role: z.ZodString;
    content: z.ZodOptional<z.ZodNullable<z.ZodUnion<readonly [z.ZodString, z.ZodArray<z.ZodObject<{
        type: z.ZodString;
    }, z.core.$loose>>]>>>;
    name: z.ZodOptional<z.ZodNullable<z.ZodString>>;
    tool_calls: z.ZodOptional<z.ZodNullable<z.ZodArray<z.ZodObject<{}, z.core.$loose>>>>;
    tool_call_id: z.ZodOptional<z.ZodNullable<z.ZodString>>;
}, z.core.$loose>>;
/** @throws RequestError for parts that are no text, naming the part */
export declare function readMessages(messages: z.output<typeof chatMessages>): ClientMessage[];
