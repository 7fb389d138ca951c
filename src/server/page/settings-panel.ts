/** The panel of a conversation's settings: model, mode, system prompt, sampling, tools. What is wrong is said at the field and not taken. */
import { byId, el } from "./dom.js";
import { emptySettings, extraProblem, fieldProblem, samplingFields, toolsProblem } from "./settings.js";
import type { SamplingField, Settings } from "./settings.js";
import type { Store } from "./store.js";

export class SettingsPanel {
  readonly #store: Store;
  readonly #form = byId("settings-form");
  #models: readonly string[] = [];
  #shown = "";

  constructor(store: Store) {
    this.#store = store;
    byId("settings-reset").addEventListener("click", () => {
      const { model } = store.current.settings;
      store.setSettings({ ...structuredClone(emptySettings), model });
      this.#show();
    });
    store.listen(({ kind }) => kind === "conversation" && this.#showIfOther());
    this.#show();
  }

  /** Names that the server answers to. */
  setModels(names: readonly string[]): void {
    this.#models = names;
    this.#show();
  }

  #showIfOther(): void {
    const { id, mode } = this.#store.current;
    if (`${id} ${mode}` !== this.#shown) this.#show();
  }

  #show(): void {
    const { current } = this.#store;
    const { settings } = current;
    this.#shown = `${current.id} ${current.mode}`;
    const isChat = current.mode === "chat";
    this.#form.replaceChildren(
      this.#choice(
        "Model",
        this.#models.includes(settings.model) ? settings.model : "",
        [
          ["", this.#models.length === 0 ? "The server's" : `${this.#models[0]!} (the server's first)`],
          ...this.#models.slice(1).map((name): [string, string] => [name, name]),
        ],
        (model) => this.#change({ model }),
      ),
      this.#choice(
        "Mode",
        current.mode,
        [
          ["chat", "Conversation"],
          ["completion", "Go on with a text"],
        ],
        (mode) => this.#store.setMode(mode as "chat" | "completion"),
      ),
      ...(isChat
        ? [
            this.#text(
              "System prompt",
              "How the model should be and what it should know",
              settings.system,
              5,
              () => undefined,
              (system) => this.#change({ system }),
            ),
          ]
        : []),
      el(
        "fieldset",
        {},
        el("legend", {}, "Sampling"),
        el("p", { class: "hint" }, "An empty field is the model’s own value."),
        ...samplingFields.map((field) => this.#number(field, settings)),
      ),
      this.#text(
        "Stop texts",
        "one per line; an answer ends before them",
        settings.stop.join("\n"),
        2,
        () => undefined,
        (text) => this.#change({ stop: text.split("\n").filter((line) => line !== "") }),
      ),
      el(
        "details",
        { class: "more-settings" },
        el("summary", {}, "Tools and more"),
        ...(isChat
          ? [
              this.#text(
                "Tools",
                "JSON: a list of functions, as the OpenAI API has them",
                settings.tools,
                6,
                toolsProblem,
                (tools) => this.#change({ tools }),
              ),
            ]
          : []),
        this.#text("More fields of the request", "JSON: an object", settings.extra, 4, extraProblem, (extra) =>
          this.#change({ extra }),
        ),
      ),
    );
  }

  #change(part: Partial<Settings>): void {
    this.#store.setSettings({ ...this.#store.current.settings, ...part });
  }

  #choice(
    label: string,
    value: string,
    options: readonly (readonly [string, string])[],
    changed: (value: string) => void,
  ): HTMLElement {
    const field = el(
      "select",
      { onchange: () => changed(field.value) },
      ...options.map(([name, text]) => el("option", { value: name }, text)),
    );
    field.value = value;
    field.id = `field-${fields++}`;
    return el("div", { class: "field" }, el("label", { for: field.id }, label), field);
  }

  #number(field: SamplingField, settings: Settings): HTMLElement {
    const { name, label, hint, step } = field;
    const value = settings.sampling[name];
    const input = el("input", {
      type: "text",
      inputmode: field.isInteger ? "numeric" : "decimal",
      value: value ?? "",
      "data-step": step,
      placeholder: "auto",
      autocomplete: "off",
    });
    return checkedField(label, hint, input, (text) => {
      const { [name]: _, ...others } = this.#store.current.settings.sampling;
      const trimmed = text.trim().replace(",", ".");
      const number = Number(trimmed);
      const problem = trimmed === "" ? undefined : fieldProblem(field, number);
      if (problem === undefined) this.#change({ sampling: trimmed === "" ? others : { ...others, [name]: number } });
      return problem;
    });
  }

  #text(
    label: string,
    hint: string,
    value: string,
    rows: number,
    problemOf: (text: string) => string | undefined,
    changed: (text: string) => void,
  ): HTMLElement {
    const input = el("textarea", { rows, dir: "auto", spellcheck: "false" });
    input.value = value;
    return checkedField(label, hint, input, (text) => {
      const problem = problemOf(text);
      if (problem === undefined) changed(text);
      return problem;
    });
  }
}

let fields = 0;

/** A field with label and hint. @param take gives back what is wrong with the text, or undefined when it was taken */
function checkedField(
  label: string,
  hint: string,
  input: HTMLInputElement | HTMLTextAreaElement,
  take: (text: string) => string | undefined,
): HTMLElement {
  const id = `field-${fields++}`;
  const note = el("span", { class: "hint", id: `${id}-hint` }, hint);
  input.id = id;
  input.setAttribute("aria-describedby", note.id);
  input.addEventListener("input", () => {
    const problem = take(input.value);
    note.textContent = problem ?? hint;
    note.classList.toggle("problem", problem !== undefined);
    input.setAttribute("aria-invalid", String(problem !== undefined));
  });
  return el("div", { class: "field" }, el("label", { for: id }, label), input, note);
}
