/** Reads a SentencePiece model file (tokenizer.model). Field numbers: sentencepiece_model.proto. */
import { CheckpointError } from "../util/errors.js";
import { protobufFields } from "./protobuf.js";
import type { ProtobufField } from "./protobuf.js";

/** Kinds of pieces, numbered as in the file; GGUF uses the same numbers. */
export const PIECE_TYPE = { normal: 1, unknown: 2, control: 3, userDefined: 4, unused: 5, byte: 6 } as const;

export interface Piece {
  text: string;
  score: number;
  /** One of PIECE_TYPE. */
  type: number;
}

export interface SentencePieceModel {
  /** In order of id. */
  pieces: Piece[];
  algorithm: "unigram" | "bpe";
  byteFallback: boolean;
  /** Ids; -1 where the model has no such token. */
  unkId: number;
  bosId: number;
  eosId: number;
  padId: number;
  /** A space is put before the text. */
  addDummyPrefix: boolean;
  /** Leading, trailing and repeated spaces are dropped. */
  removeExtraWhitespaces: boolean;
  /** The compiled normalization table; empty for none. */
  charsmap: Uint8Array;
}

const utf8 = new TextDecoder();

/** Scalars of a message by field number; the last one of each counts. */
function scalars(bytes: Uint8Array, where: string): Map<number, ProtobufField> {
  const fields = new Map<number, ProtobufField>();
  for (const field of protobufFields(bytes, where)) fields.set(field.number, field);
  return fields;
}

function integer(fields: Map<number, ProtobufField>, number: number, otherwise: number): number {
  const field = fields.get(number);
  return field?.kind === "varint" ? field.value : otherwise;
}

function readPiece(bytes: Uint8Array, where: string): Piece {
  const fields = scalars(bytes, where);
  const text = fields.get(1);
  const score = fields.get(2);
  return {
    text: text?.kind === "bytes" ? utf8.decode(text.value) : "",
    score: score?.kind === "float" ? score.value : 0,
    type: integer(fields, 3, PIECE_TYPE.normal),
  };
}

/**
 * Parses the bytes of a SentencePiece model.
 * @throws CheckpointError if they are damaged, or the algorithm is neither Unigram nor BPE
 */
export function parseSentencePiece(bytes: Uint8Array, where: string): SentencePieceModel {
  const pieces: Piece[] = [];
  let trainer = new Map<number, ProtobufField>();
  let normalizer = new Map<number, ProtobufField>();
  for (const field of protobufFields(bytes, where)) {
    if (field.kind !== "bytes") continue;
    if (field.number === 1) pieces.push(readPiece(field.value, where));
    else if (field.number === 2) trainer = scalars(field.value, where);
    else if (field.number === 3) normalizer = scalars(field.value, where);
  }
  if (pieces.length === 0) throw new CheckpointError(`${where}: no pieces; is this a SentencePiece model?`);
  const algorithm = integer(trainer, 3, 1);
  if (algorithm !== 1 && algorithm !== 2) {
    throw new CheckpointError(
      `${where}: SentencePiece algorithm ${algorithm} is not supported; expected 1 (Unigram) or 2 (BPE)`,
    );
  }
  const charsmap = normalizer.get(2);
  return {
    pieces,
    algorithm: algorithm === 1 ? "unigram" : "bpe",
    byteFallback: integer(trainer, 35, 0) !== 0,
    unkId: integer(trainer, 40, 0),
    bosId: integer(trainer, 41, 1),
    eosId: integer(trainer, 42, 2),
    padId: integer(trainer, 43, -1),
    addDummyPrefix: integer(normalizer, 3, 1) !== 0,
    removeExtraWhitespaces: integer(normalizer, 4, 1) !== 0,
    charsmap: charsmap?.kind === "bytes" ? charsmap.value : new Uint8Array(0),
  };
}
