"""Drives vLLM for CPU for bench/compare.ts: one JSON request a line on standard input, one JSON answer a line on standard output.

usage: vllm_driver.py MODEL_DIR [--dummy] [--max-model-len 4608]

A first line {"ready": {"version", "seconds"}} says that the model is loaded and how long that took, imports included.
Request:  {"batch": 4, "context": 128, "tokens": 65, "salt": 7}: `batch` prompts of `context` token ids, `tokens` new tokens for each.
Answer:   {"times": [[ms, ...], ...]}: milliseconds from the start to each token, a list per request; or {"error": "..."}.
Prefix caching is off. Ends with standard input.
"""
import json
import os
import sys
import time

started = time.perf_counter()
answers = os.fdopen(os.dup(1), "w")  # whatever a library prints goes to standard error
os.dup2(2, 1)
os.environ.setdefault("VLLM_LOGGING_LEVEL", "WARNING")
os.environ.setdefault("HF_HUB_OFFLINE", "1")


def answer(value):
    answers.write(json.dumps(value) + "\n")
    answers.flush()


def prompt(length, salt):
    return {"prompt_token_ids": [3 + (i * 7919 + salt * 104729) % 40000 for i in range(length)]}


def measure(engine, params, batch, context, salt):
    """Adds all requests at once and steps until none is left, as LLM.generate does."""
    times = {}
    begin = time.perf_counter()
    for i in range(batch):
        engine.add_request(f"{salt}-{i}", prompt(context, salt + i), params)
    while engine.has_unfinished_requests():
        outputs = engine.step()
        now = (time.perf_counter() - begin) * 1000
        for output in outputs:
            times.setdefault(output.request_id, []).extend([now] * len(output.outputs[0].token_ids))
    return list(times.values())


def main():
    from vllm import LLM, SamplingParams, __version__
    from vllm.sampling_params import RequestOutputKind

    model, dummy = sys.argv[1], "--dummy" in sys.argv
    length = int(sys.argv[sys.argv.index("--max-model-len") + 1]) if "--max-model-len" in sys.argv else 4608
    llm = LLM(
        model,
        dtype="bfloat16",
        load_format="dummy" if dummy else "auto",
        skip_tokenizer_init=dummy,
        enable_prefix_caching=False,
        max_model_len=length,
        max_num_batched_tokens=max(4096, length),
        seed=0,
    )
    engine = llm.llm_engine

    def params(tokens):
        kind = RequestOutputKind.DELTA
        return SamplingParams(temperature=0, max_tokens=tokens, ignore_eos=True, detokenize=False, output_kind=kind)

    measure(engine, params(1), 1, 16, 0)
    answer({"ready": {"version": __version__, "seconds": time.perf_counter() - started}})
    for line in sys.stdin:
        try:
            request = json.loads(line)
            times = measure(engine, params(request["tokens"]), request["batch"], request["context"], request["salt"])
            answer({"times": times})
        except Exception as error:  # the caller decides whether to go on
            answer({"error": f"{type(error).__name__}: {error}"})


if __name__ == "__main__":
    main()
