/**
 * The table of `tokenizer.ggml.pre`: how byte-level tokenizers in GGUF files cut text into words.
 * The patterns are those of the models' published tokenizer.json files, under the names that llama.cpp gave them.
 */
import type { StepJson } from "./tokenizer-json.js";

export interface GgufPreTokenizer {
  normalizer: StepJson | null;
  preTokenizer: StepJson;
  /** A word that is in the vocabulary as a whole is taken without merging. */
  ignoreMerges: boolean;
  /** BOS is put first where the file has no `tokenizer.ggml.add_bos_token`. */
  addBos: boolean;
}

const WORDS_GPT2 = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

/** The pattern of cl100k and its many descendants, by how many digits stay together. */
function wordsCl100k(digits: string): string {
  return (
    `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*` +
    "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"
  );
}

/** The pattern of o200k: words are cut where lower case turns to upper case. */
function wordsO200k(contraction: string, digits: string): string {
  const upper = "\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}";
  const lower = "\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}";
  return (
    `[^\\r\\n\\p{L}\\p{N}]?[${upper}]*[${lower}]+${contraction}|[^\\r\\n\\p{L}\\p{N}]?[${upper}]+[${lower}]*${contraction}` +
    `|${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`
  );
}

const WORDS_DEEPSEEK3 =
  "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+" +
  "| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

const CONTRACTION = "(?i:'s|'t|'re|'ve|'m|'ll|'d)?";

function split(regex: string): StepJson {
  return { type: "Split", pattern: { Regex: regex }, behavior: "Isolated", invert: false };
}

/** Cuts by each pattern in turn, then writes bytes in the byte-level alphabet. */
function cutting(patterns: string[], options: Partial<GgufPreTokenizer> = {}): GgufPreTokenizer {
  const bytes = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: false };
  const preTokenizer = { type: "Sequence", pretokenizers: [...patterns.map(split), bytes] };
  return { normalizer: null, ignoreMerges: false, addBos: false, ...options, preTokenizer };
}

const NFC = { type: "NFC" };

const GROUPS: readonly [names: string[], rules: () => GgufPreTokenizer][] = [
  [["default"], () => cutting(["[\\p{P}\\$\\+<=>\\^~\\|]+", WORDS_GPT2, "\\p{N}+", "[0-9][0-9][0-9]"])],
  [["gpt-2", "phi-2", "mpt", "olmo", "jais", "exaone4", "gigachat", "mellum"], () => cutting([WORDS_GPT2])],
  [
    ["smollm", "starcoder", "refact", "command-r", "codeshell", "exaone", "minerva-7b"],
    () => cutting(["\\p{N}", WORDS_GPT2]),
  ],
  [["falcon"], () => cutting(["[\\p{P}\\$\\+<=>\\^~\\|`]+", WORDS_GPT2, "[0-9][0-9][0-9]"])],
  [
    ["llama-bpe", "llama3", "llama-v3", "falcon3", "falcon-h1", "pixtral", "midm-2.0", "lfm2"],
    () => cutting([wordsCl100k("\\p{N}{1,3}")], { ignoreMerges: true, addBos: true }),
  ],
  [["dbrx", "smaug-bpe", "glm4", "chatglm-bpe"], () => cutting([wordsCl100k("\\p{N}{1,3}")])],
  [["qwen2", "deepseek-r1-qwen"], () => cutting([wordsCl100k("\\p{N}")], { normalizer: NFC })],
  [["stablelm2"], () => cutting([wordsCl100k("\\p{N}")])],
  [["tekken"], () => cutting([wordsO200k("", "\\p{N}")], { ignoreMerges: true, addBos: true })],
  [["gpt-4o"], () => cutting([wordsO200k(CONTRACTION, "\\p{N}{1,3}")])],
  [["deepseek-v3"], () => cutting(["\\p{N}{1,3}", "[一-龥\u3040-ゟ゠-ヿ]+", WORDS_DEEPSEEK3])],
];

/** Names that are known. */
export function ggufPreTokenizerNames(): string[] {
  return GROUPS.flatMap(([names]) => names);
}

/** The rules of a name, or undefined if it is not known. */
export function ggufPreTokenizer(name: string): GgufPreTokenizer | undefined {
  return GROUPS.find(([names]) => names.includes(name))?.[1]();
}
