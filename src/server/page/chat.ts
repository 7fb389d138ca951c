/** The chat page: joins state, views and keys. */
import { announceAnswers } from "./announcer.js";
import { ApiError } from "./api-client.js";
import { Composer } from "./composer.js";
import { ConversationList } from "./conversation-list.js";
import { openDatabase } from "./database.js";
import { byId } from "./dom.js";
import { Drawer } from "./drawer.js";
import { loadModelFacts } from "./model-facts.js";
import { SettingsPanel } from "./settings-panel.js";
import { startShortcuts } from "./shortcuts.js";
import { Store } from "./store.js";
import { startTheme } from "./theme.js";
import { ThreadView } from "./thread-view.js";

startTheme();
const database = await openDatabase();
const store = new Store(database);
const sidebar = new Drawer("sidebar", "sidebar-button", "(max-width: 800px)", true);
const panel = new Drawer("settings", "settings-button", "(max-width: 1150px)", false);
const thread = new ThreadView(store);
const composer = new Composer(store);
const settings = new SettingsPanel(store);
new ConversationList(store, () => {
  sidebar.closeIfOver();
  composer.focus();
});
announceAnswers(store);

const openNew = () => {
  store.open();
  sidebar.closeIfOver();
  composer.focus();
};
const dialog = (id: string) => byId<HTMLDialogElement>(id).showModal();
byId("new-button").addEventListener("click", openNew);
byId("model-button").addEventListener("click", () => dialog("model-dialog"));
byId("shortcuts-button").addEventListener("click", () => dialog("shortcuts-dialog"));
for (const suggestion of document.querySelectorAll<HTMLElement>("[data-suggestion]")) {
  suggestion.addEventListener("click", () => composer.suggest(suggestion.dataset.suggestion!));
}
startShortcuts([
  { keys: "Enter", what: "send the message" },
  { keys: "Shift+Enter", what: "a new line" },
  { keys: "Escape", what: "stop the answer", act: () => store.stop() },
  { keys: "Alt+N", what: "a new chat", act: openNew },
  { keys: "Alt+M", what: "to the message field", act: () => composer.focus() },
  { keys: "Alt+↑", what: "to the message before", act: () => thread.moveFocus(-1) },
  { keys: "Alt+↓", what: "to the message after", act: () => thread.moveFocus(1) },
  { keys: "Alt+L", what: "list of conversations", act: () => sidebar.toggle() },
  { keys: "Alt+S", what: "settings", act: () => panel.toggle() },
  { keys: "?", what: "these keys", act: () => dialog("shortcuts-dialog") },
]);

const notice = byId("notice");
const tell = (text: string) => {
  notice.hidden = text === "";
  byId("notice-text").textContent = text;
};
byId("notice-close").addEventListener("click", () => tell(""));
store.listen((change) => change.kind === "problem" && tell(change.message));

/** The title of the window and of the page is that of the conversation. */
const showTitle = () => {
  const { title, turns } = store.current;
  byId("title").textContent = turns.length === 0 ? "New chat" : title;
  document.title = turns.length === 0 ? "Quire" : `${title} · Quire`;
};
store.listen(({ kind }) => kind !== "turn" && showTitle());

/** The address names the open conversation, so that it is there again after a reload. */
store.listen(({ kind }) => {
  if (kind !== "conversation" && kind !== "begin") return;
  const { id, turns } = store.current;
  const wanted = turns.length === 0 ? "" : `#${id}`;
  if (location.hash !== wanted)
    history.replaceState(null, "", wanted === "" ? location.pathname + location.search : wanted);
});

/** What other tabs stored is read when this one is looked at, not while it is typed in. */
let isStale = false;
const refresh = () => {
  if (
    !isStale ||
    document.visibilityState !== "visible" ||
    store.isBusy ||
    document.querySelector(".edit-form") !== null
  )
    return;
  isStale = false;
  void store.load();
};
database.listen(() => {
  isStale = true;
  setTimeout(refresh, 500);
});
document.addEventListener("visibilitychange", refresh);

async function start(): Promise<void> {
  const id = location.hash.slice(1);
  await store
    .load()
    .catch((error: unknown) => tell(`Stored conversations cannot be read: ${(error as Error).message}`));
  if (id !== "") store.open(id);
  if (!database.isLasting) tell("This browser stores nothing here: conversations are gone when the page is left.");
  composer.focus();
  try {
    const facts = await loadModelFacts();
    settings.setModels(facts.names);
    if (!facts.hasChatTemplate) {
      store.mode = "completion";
      if (store.current.turns.length === 0) store.setMode("completion");
    }
  } catch (error) {
    tell(error instanceof ApiError ? error.message : String(error));
  }
}

void start();
