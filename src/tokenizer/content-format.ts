/** How a chat template wants a message's content: as text, or as OpenAI's list of parts. Read from its syntax tree. */

export type ContentFormat = "string" | "openai";

/** A node of the parsed template; only the fields that matter here. */
interface Node {
  type: string;
  [field: string]: unknown;
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && typeof (value as Node).type === "string";
}

/** All nodes below `root` of the wanted type. */
function nodesOf(root: unknown, type: string): Node[] {
  const found: Node[] = [];
  const open: unknown[] = [root];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== "object" || value === null) continue;
    if (isNode(value) && value.type === type) found.push(value);
    if (value instanceof Map) open.push(...value.keys(), ...value.values());
    else open.push(...Object.values(value));
  }
  return found;
}

/** The expression below filters, tests, slices and loop conditions: `messages[1:] | list` is `messages`. */
function core(expression: unknown): Node | undefined {
  let node = expression;
  while (isNode(node)) {
    const isSlice =
      node.type === "MemberExpression" && isNode(node.property) && node.property.type === "SliceExpression";
    if (node.type === "FilterExpression" || node.type === "TestExpression") node = node.operand;
    else if (node.type === "SelectExpression") node = node.lhs;
    else if (isSlice) node = node.object;
    else return node;
  }
  return undefined;
}

function isVariable(expression: unknown, name: string): boolean {
  const node = core(expression);
  return node?.type === "Identifier" && node.value === name;
}

/** `name.key` or `name["key"]`. */
function isField(expression: unknown, name: string, key: string): boolean {
  const node = core(expression);
  if (node?.type !== "MemberExpression" || !isVariable(node.object, name)) return false;
  const { property } = node;
  const wanted = node.computed === true ? "StringLiteral" : "Identifier";
  return isNode(property) && property.type === wanted && property.value === key;
}

/** The variable and all that are set to it or to a part of it. */
function aliases(root: unknown, name: string): Set<string> {
  const names = new Set([name]);
  const sets = nodesOf(root, "Set");
  for (const known of names) {
    for (const { assignee, value } of sets) {
      if (isVariable(value, known) && isNode(assignee) && assignee.type === "Identifier")
        names.add(String(assignee.value));
    }
  }
  return names;
}

/**
 * "openai" if the template loops over the content of a message that it got by looping over `messages`, else "string"
 * (the rule of vLLM's detection).
 * @param root  a parsed template of @huggingface/jinja
 */
export function detectContentFormat(root: unknown): ContentFormat {
  const loops = nodesOf(root, "For");
  const lists = [...aliases(root, "messages")];
  const messages = loops
    .filter(({ iterable }) => lists.some((name) => isVariable(iterable, name)))
    .map(({ loopvar }) => (isNode(loopvar) && loopvar.type === "Identifier" ? String(loopvar.value) : ""));
  const isOverContent = ({ iterable }: Node): boolean => messages.some((name) => isField(iterable, name, "content"));
  return loops.some(isOverContent) ? "openai" : "string";
}
