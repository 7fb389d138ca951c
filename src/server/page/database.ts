/** Conversations in the browser's IndexedDB; in memory where that is not to be had (private windows of some browsers). */
import type { Conversation } from "./conversation.js";

const STORE = "conversations";

/** Where conversations are kept. */
export interface Database {
  /** False: they are gone when the page is. */
  readonly isLasting: boolean;
  all(): Promise<Conversation[]>;
  put(conversation: Conversation): Promise<void>;
  remove(id: string): Promise<void>;
  /** Calls back when another tab changed something. */
  listen(changed: () => void): void;
}

/** Opens the database of this server: pages at different paths of one host have their own. */
export async function openDatabase(): Promise<Database> {
  try {
    const name = `quire:${location.pathname.replace(/[^/]*$/, "")}`;
    return new IndexedDatabase(await open(name), new BroadcastChannel(name));
  } catch {
    return new MemoryDatabase();
  }
}

function open(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "id" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("another page holds the database"));
  });
}

class IndexedDatabase implements Database {
  readonly isLasting = true;
  readonly #database: IDBDatabase;
  readonly #tabs: BroadcastChannel;

  /** @param tabs tells the other tabs of changes */
  constructor(database: IDBDatabase, tabs: BroadcastChannel) {
    this.#database = database;
    this.#tabs = tabs;
    // A later version of the page may want to change it.
    database.onversionchange = () => database.close();
  }

  async all(): Promise<Conversation[]> {
    return this.#run("readonly", (store) => store.getAll() as IDBRequest<Conversation[]>);
  }

  async put(conversation: Conversation): Promise<void> {
    await this.#run("readwrite", (store) => store.put(conversation));
    this.#tabs.postMessage("changed");
  }

  async remove(id: string): Promise<void> {
    await this.#run("readwrite", (store) => store.delete(id));
    this.#tabs.postMessage("changed");
  }

  listen(changed: () => void): void {
    this.#tabs.addEventListener("message", () => changed());
  }

  #run<Result>(mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      const transaction = this.#database.transaction(STORE, mode);
      const request = ask(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error);
    });
  }
}

class MemoryDatabase implements Database {
  readonly isLasting = false;
  readonly #conversations = new Map<string, Conversation>();

  async all(): Promise<Conversation[]> {
    return [...this.#conversations.values()];
  }

  async put(conversation: Conversation): Promise<void> {
    this.#conversations.set(conversation.id, structuredClone(conversation));
  }

  async remove(id: string): Promise<void> {
    this.#conversations.delete(id);
  }

  listen(): void {}
}
