/** Wire types of /v1/responses: the response, its output items, its usage. */

export interface ReasoningItem {
  id: string;
  type: "reasoning";
  summary: [];
  content: { type: "reasoning_text"; text: string }[];
  encrypted_content: null;
  status: ItemStatus;
}

/** One token with its log-probability. */
export interface ResponseLogprob {
  token: string;
  logprob: number;
  bytes: readonly number[] | null;
  top_logprobs: { token: string; logprob: number; bytes: readonly number[] | null }[];
}

export interface OutputTextPart {
  type: "output_text";
  text: string;
  annotations: [];
  logprobs: ResponseLogprob[] | null;
}

export interface MessageItem {
  id: string;
  type: "message";
  role: "assistant";
  status: ItemStatus;
  content: OutputTextPart[];
  phase: null;
}

export interface FunctionCallItem {
  id: string;
  type: "function_call";
  call_id: string;
  name: string;
  /** JSON. */
  arguments: string;
  status: ItemStatus;
}

export type ItemStatus = "in_progress" | "completed" | "incomplete";
export type OutputItem = ReasoningItem | MessageItem | FunctionCallItem;
export type ResponseStatus = "queued" | "in_progress" | "completed" | "incomplete" | "failed" | "cancelled";

export interface ResponseUsage {
  input_tokens: number;
  input_tokens_details: { cached_tokens: number };
  output_tokens: number;
  output_tokens_details: { reasoning_tokens: number; tool_output_tokens: number };
  total_tokens: number;
}

/** Text and tokens as the model saw and wrote them. */
export interface RawMessage {
  message: string;
  tokens: number[];
  type: "raw_message_tokens";
}

/** The answer of the endpoint; events carry it too. */
export interface ResponseObject {
  id: string;
  object: "response";
  created_at: number;
  completed_at: number | null;
  status: ResponseStatus;
  error: { code: string; message: string } | null;
  incomplete_details: { reason: "max_output_tokens" | "content_filter" } | null;
  instructions: string | null;
  metadata: Record<string, string> | null;
  model: string;
  output: OutputItem[];
  parallel_tool_calls: boolean;
  temperature: number;
  tool_choice: unknown;
  tools: readonly unknown[];
  top_p: number;
  background: boolean;
  max_output_tokens: number | null;
  max_tool_calls: number | null;
  previous_response_id: string | null;
  prompt: null;
  reasoning: Readonly<Record<string, unknown>> | null;
  service_tier: string;
  store: boolean;
  text: Readonly<Record<string, unknown>> | null;
  top_logprobs: number | null;
  truncation: "auto" | "disabled";
  usage: ResponseUsage | null;
  user: string | null;
  /** With `enable_response_messages`. */
  input_messages: RawMessage[] | null;
  output_messages: RawMessage[] | null;
}
