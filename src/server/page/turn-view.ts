/** What every turn's view has: an element, and a way to show the turn as it is now. */
import type { Conversation, Turn } from "./conversation.js";
import { siblings } from "./conversation.js";
import { pager } from "./pager.js";
import type { Store } from "./store.js";

export interface TurnView {
  readonly element: HTMLElement;
  /** Shows the turn as it is now. */
  update(): void;
}

/** Arrows between versions of a turn, where there are several. */
export function versions(store: Store, conversation: Conversation, turn: Turn, what: string): HTMLElement | undefined {
  const list = siblings(conversation, turn);
  if (list.length < 2) return undefined;
  return pager(list.indexOf(turn), list.length, what, (place) => store.choose(list[place]!));
}
