import { expect, it } from "vitest";
import { bytesOf, EOS, FakeTokenizer } from "../../test/engine/fake-tokenizer.js";
import { LogprobDecoder, TokenTexts } from "./logprob-decoder.js";

const texts = new TokenTexts(new FakeTokenizer());
const row = (...tokenIds: number[]) => ({ tokenIds, logprobs: tokenIds.map((_, i) => -i), rank: 9 });

/** Text of each sampled token. */
function sampledTexts(ids: readonly number[]): (string | undefined)[] {
  const decoder = new LogprobDecoder(texts);
  return ids.map((id) => decoder.next(row(id)).get(id)!.decodedToken);
}

it("gives a character to the token that completes it", () => {
  expect(sampledTexts(bytesOf("a🙂b"))).toEqual(["a", "", "", "", "🙂", "b"]);
  expect(sampledTexts(bytesOf("日本"))).toEqual(["", "", "日", "", "", "本"]);
});

it("gives no replacement characters for bytes that are no text, and recovers", () => {
  expect(sampledTexts([0x80, 0x61, 0xe6, 0x61, 0xff, 0x62])).toEqual(["", "a", "", "a", "", "b"]);
});

it("reads the alternatives in the same context as the sampled token", () => {
  const decoder = new LogprobDecoder(texts);
  decoder.next(row(0xc3));
  const position = decoder.next(row(0xa9, 0xa8, 0x61));
  expect([...position.values()].map((logprob) => logprob.decodedToken)).toEqual(["é", "è", "a"]);
  expect([...position.values()].map((logprob) => logprob.bytes)).toEqual([[0xa9], [0xa8], [0x61]]);
});

it("ranks the likeliest from 1, also when the sampled token is one of them, which stays first", () => {
  const position = new LogprobDecoder(texts).next({ tokenIds: [98, 97, 98], logprobs: [-2, -1, -2], rank: 2 });
  expect([...position]).toMatchObject([
    [98, { rank: 2, logprob: -2 }],
    [97, { rank: 1, logprob: -1 }],
  ]);
});

it("knows special tokens, ids without text, and no tokenizer at all", () => {
  const position = new LogprobDecoder(texts).next(row(EOS, 290));
  expect(position.get(EOS)!.decodedToken).toBe("</s>");
  expect(position.get(290)).toMatchObject({ decodedToken: "", bytes: [] });
  expect(new LogprobDecoder(undefined).next(row(1)).get(1)).toEqual({ logprob: -0, rank: 9 });
});
