#!/usr/bin/env python3
"""Dumps what goes into and comes out of every module of a Hugging Face model, for `quire check MODEL --reference DUMP`.

python dump_reference.py CHECKPOINT DUMP.safetensors [--text TEXT | --ids 1,2,3] [--layers N] [--trust-remote-code]
Needs torch, transformers and safetensors. The model runs once, on the CPU, in float32, with eager attention."""
import argparse, json, torch
from safetensors.torch import save_file
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("checkpoint"), parser.add_argument("dump")
parser.add_argument("--text"), parser.add_argument("--ids"), parser.add_argument("--layers", type=int)
parser.add_argument("--trust-remote-code", action="store_true")
args = parser.parse_args()
remote = {"trust_remote_code": args.trust_remote_code}
config = AutoConfig.from_pretrained(args.checkpoint, **remote).get_text_config()
if args.layers: config.num_hidden_layers = args.layers
model = AutoModelForCausalLM.from_pretrained(args.checkpoint, config=config, dtype=torch.float32, attn_implementation="eager", **remote).eval()
if args.text: ids = AutoTokenizer.from_pretrained(args.checkpoint, **remote)(args.text).input_ids
elif args.ids: ids = [int(i) for i in args.ids.split(",")]
else: ids = torch.randint(3, config.vocab_size, (37,), generator=torch.Generator().manual_seed(1)).tolist()

tensors, calls, counts = {}, [], {}
def flat(key, value):
    """Every tensor inside a value, under names of its own."""
    if torch.is_tensor(value) and value.is_complex(): value = torch.view_as_real(value)
    if torch.is_tensor(value) and value.dtype != torch.bool:
        kind = torch.float32 if value.is_floating_point() else torch.int64
        tensors[key] = value.detach().to(kind).contiguous().clone()
    elif hasattr(value, "items"): [flat(f"{key}.{name}", item) for name, item in value.items()]
    elif isinstance(value, (tuple, list)): [flat(f"{key}.{i}", item) for i, item in enumerate(value)]
def before(name):
    def hook(module, inputs, named):  # before the call: some modules change what they are given
        counts[name] = counts.get(name, 0) + 1
        call = name if counts[name] == 1 else f"{name}#{counts[name]}"
        calls.append(call), flat(f"{call}:in", {**{str(i): x for i, x in enumerate(inputs)}, **named})
    return hook
def after(name):
    def hook(module, inputs, output):
        call = name if counts[name] == 1 else f"{name}#{counts[name]}"
        flat(f"{call}:out", list(output) if isinstance(output, (tuple, list)) else output if hasattr(output, "items") else [output])
    return hook
def describe(module):
    plain = {key: value for key, value in vars(module).items() if isinstance(value, (bool, int, float, str)) and key[0] != "_"}
    own = [(key, p.data) for key, p in {**module._parameters, **module._buffers}.items() if p is not None]
    weights = {key: [list(p.shape), p.flatten()[:4].double().tolist()] for key, p in own if p.is_floating_point()}
    return {"class": type(module).__name__, "attributes": plain, "weights": weights}
for name, module in model.named_modules():
    module.register_forward_pre_hook(before(name), with_kwargs=True), module.register_forward_hook(after(name))
with torch.no_grad(): model(torch.tensor([ids]), use_cache=False)
info = {"ids": ids, "calls": calls, "modules": {name: describe(module) for name, module in model.named_modules()}, "config": config.to_dict()}
save_file(tensors, args.dump, metadata={"quire": json.dumps(info, default=str)})
print(f"{args.dump}: {len(calls)} calls of {len(info['modules'])} modules, {len(ids)} tokens, {len(tensors)} tensors")
